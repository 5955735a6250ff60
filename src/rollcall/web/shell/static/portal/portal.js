// Small behaviours on top of pages that work without them.
(function () {
  "use strict";

  // Ticking the box in a table's head ticks every row; the bulk bar counts them.
  function count(form) {
    var ticked = form.querySelectorAll("input[name=chosen]:checked").length;
    var shown = form.querySelector("[data-count]");
    if (shown) shown.textContent = String(ticked);
  }

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    var form = box.closest("form");
    if (box.matches("[data-tick-all]") && form) {
      form.querySelectorAll("input[name=chosen]").forEach(function (one) {
        one.checked = box.checked;
      });
    }
    if (form && form.querySelector("[data-count]")) count(form);
  });

  // A menu made of <details> closes on Escape and on a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest ? event.target.closest("details.menu") : null);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // On a narrow screen the filters of a list stay folded until asked for.
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest ? event.target.closest(".filters-toggle") : null;
    if (!toggle) return;
    var open = toggle.closest("form").classList.toggle("filters-open");
    toggle.setAttribute("aria-expanded", String(open));
  });

  // Widths come from data, since the page's policy allows no style attributes.
  function bars(root) {
    root.querySelectorAll("[data-width]").forEach(function (bar) {
      bar.style.width = bar.getAttribute("data-width") + "%";
    });
  }

  // A form that must not be sent twice says so while it is on its way.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  // A live stream ends when its page moves on, and is opened anew by itself: htmx would write each
  // end to the console as an error, and of the event no more than "[object Event]".
  if (window.htmx) {
    htmx.createEventSource = function (address) {
      var source = new EventSource(address, { withCredentials: true });
      Object.defineProperty(source, "onerror", {
        set: function (handle) { source.addEventListener("error", function () { handle(); }); }
      });
      return source;
    };
  }

  // A page that only asks was sent for by a form: going back to it would send that form again.
  function leaveNoQuestion() {
    var form = document.querySelector("form[data-instead]");
    if (form) { history.replaceState(history.state, "", form.dataset.instead); }
  }

  document.addEventListener("DOMContentLoaded", function () { bars(document); leaveNoQuestion(); });
  document.addEventListener("htmx:afterSwap", function (event) { bars(event.target); });
})();
