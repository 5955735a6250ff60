"""The names that people of the invented company are given, by the language they come from."""

from __future__ import annotations

from typing import NamedTuple


class Pool(NamedTuple):
    """One language's names as blank-separated words; `share` is in people per hundred.

    `Ольга=olga` gives the Latin letters used in addresses; `_` stands for a blank.
    """

    share: int
    female: str
    male: str
    last: str


POOLS: tuple[Pool, ...] = (
    Pool(
        66,
        "Jördis Käthe Anneliese Ursula Heike Sabine Birgit Gisela Renate Monika Petra "
        "Claudia Susanne Katharina Franziska Friederike Änne Bärbel Dörte Frauke Gesa "
        "Hannelore Ilse Jana Kerstin Lena Marlene Nele Pauline Ronja Silke Swantje "
        "Theresa Ulrike Viola Wiebke Anna-Lena Marie-Luise Karoline Leonie Charlotte "
        "Emilia Greta Ida Johanna Lieselotte Mathilda Rosalie Svenja Zoë",
        "Jürgen Jörg Götz Günther Björn Sönke Thomas Michael Andreas Stefan Matthias "
        "Christian Alexander Sebastian Florian Tobias Maximilian Lukas Jonas Felix Moritz "
        "Konstantin Anton Bernd Detlef Eckhard Friedrich Gerhard Hartmut Ingo Jens Klaus "
        "Lars Manfred Niklas Ole Philipp Rüdiger Sven Thorsten Uwe Volker Wolfgang "
        "Karl-Heinz Hans-Jürgen Emil Hannes Henrik Jannik Mats",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann "
        "Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun "
        "Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Schmid Schulze Maier "
        "Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller "
        "Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth "
        "Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus "
        "Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas "
        "Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann "
        "Voigt Sauer Arnold Wolff Pfeiffer Böttcher Grünwald Häußler Kößler Lührs Nölting "
        "Petersen Quandt Rößner Stöver Thießen Ueckermann Vößing Wüstenberg Zündorf "
        "Özdorf von_der_Lühe von_Bülow zu_Wied van_der_Aa Müller-Lüdenscheidt "
        "Schulze-Röbbecke Meyer-Höpfner Groß-Weßling Ackermann Bartels Claußen Dührkop "
        "Eilers Feddersen Gräfe Hinrichs Ihde Jürgensen Kröger Löffler Matthiesen Nissen "
        "Oßwald Paulsen Rönnfeldt Söhnlein Tönnies Uhlig Völkers Wittrock",
    ),
    Pool(
        7,
        "Ayşe Zeynep Elif Gülşen Şebnem Çiğdem Özlem Işıl Nurcan Ebru",
        "Mehmet Çağlar Ömer İbrahim Oğuzhan Şükrü Kağan Yiğit Barış Tolga",
        "Yılmaz Öztürk Çelik Şahin Yıldız Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin "
        "Kaplan Güneş Bozkurt Karaoğlu Tunç Erdoğan Şimşek Güler",
    ),
    Pool(
        5,
        "Małgorzata Agnieszka Łucja Żaneta Grażyna Bożena Danuta Jadwiga",
        "Paweł Łukasz Michał Wojciech Grzegorz Zdzisław Bartłomiej Mirosław",
        "Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak "
        "Dąbrowski Kozłowski Jabłoński Król Wróbel Piątek Gołębiewski Świątek",
    ),
    Pool(
        4,
        "Åsa Märta Søsser Ingrid Guðrún Astrid Solveig Sigrún",
        "Håkan Bjørn Søren Åke Þorsteinn Magnús Torbjørn Jørgen",
        "Sørensen Ångström Jónsdóttir Bjørnstad Lindqvist Sjöström Kjærgaard Østergaard "
        "Næss Håkansson Guðmundsson Rasmussen",
    ),
    Pool(
        4,
        "María_José Begoña Inês Conceição Lucía Ximena Núria Íris",
        "Íñigo José_Luis João Ángel Ramón Gonçalo Andrés Joaquín",
        "García_Núñez Muñoz Peña_Ibáñez Gonçalves dos_Santos Magalhães Ordóñez Vázquez "
        "Simões Castaño Araújo Echeverría",
    ),
    Pool(
        3,
        "Hélène Chloé Maëlle Anaïs Françoise Océane",
        "François Loïc Jérôme Benoît Raphaël Noël",
        "Lefèvre Beaupré D'Aubigné Béranger Côté Châtelain Desprès Léger de_La_Fontaine Thibaudeau",
    ),
    Pool(
        2,
        "Phương Hạnh Ngọc Thủy",
        "Đức Hùng Tuấn Dũng",
        "Nguyễn Trần Phạm Đặng Vũ_Hoàng Bùi Đỗ Lê_Quang",
    ),
    Pool(
        2,
        "Ольга=olga Наталья=natalya Юлія=yuliya Екатерина=ekaterina Оксана=oksana Людмила=lyudmila",
        "Дмитрий=dmitriy Сергей=sergey Олександр=oleksandr Андрій=andriy"
        " Владимир=vladimir Юрий=yuriy",
        "Шевченко=shevchenko Іваненко=ivanenko Ковальчук=kovalchuk Соколов=sokolov "
        "Морозов=morozov Щербаков=shcherbakov Жуков=zhukov Бондаренко=bondarenko",
    ),
    Pool(
        1,
        "Ελένη=eleni Ευαγγελία=evangelia Χρυσάνθη=chrysanthi",
        "Γιώργος=giorgos Θεόδωρος=theodoros Κωνσταντίνος=konstantinos",
        "Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Ψαρρός=psarros Νικολαΐδης=nikolaidis",
    ),
    Pool(
        1,
        "فاطمة=fatima ليلى=layla نور=nour",
        "محمد=mohammed يوسف=youssef خالد=khaled",
        "الحداد=alhaddad النجار=alnajjar حسين=hussein العلي=alali",
    ),
    Pool(
        1,
        "丽=li 秀英=xiuying 晓梅=xiaomei",
        "伟=wei 建国=jianguo 志强=zhiqiang",
        "王=wang 张=zhang 欧阳=ouyang 陈=chen",
    ),
    Pool(
        1,
        "さくら=sakura 陽子=yoko 美咲=misaki",
        "健太=kenta 翔=sho 大輔=daisuke",
        "佐藤=sato 鈴木=suzuki 高橋=takahashi 渡辺=watanabe",
    ),
    Pool(
        1,
        "지은=jieun 서연=seoyeon 민지=minji",
        "민준=minjun 지훈=jihoon 동현=donghyun",
        "김=gim 박=bak 최=choe 정=jeong",
    ),
    Pool(
        1,
        "प्रिया=priya अनीता=anita दीपिका=deepika",
        "राहुल=rahul अर्जुन=arjun विक्रम=vikram",
        "शर्मा=sharma पटेल=patel गुप्ता=gupta सिंह=singh",
    ),
    Pool(
        1,
        "נועה=noa תמר=tamar שירה=shira",
        "יואב=yoav איתן=eitan דניאל=daniel",
        "כהן=cohen לוי=levi מזרחי=mizrahi פרידמן=fridman",
    ),
)

MARRIED = (
    "Ahrendt Brömmel Cölln Dönhoff Ebeling Fröhlich Gädeke-Lütje Hübschmann Isenberg "
    "Jahnke Kästner Lüneburg Mühlhaus Neubauer Oßenbrink Pröll Quast Rüter Süßkind Tüxen "
    "Unverzagt Vöge Weißenfels Zöllner"
)
"""Last names that only a marriage brings."""
