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

  // Whoever was away may have been signed out: asked before a form is sent, since what was typed
  // would be lost on the way to sign in. Signing in again renews the form's token.
  var SHOWN_AT = Date.now(), STALE = 300000, wasAway = false;
  document.addEventListener("visibilitychange", function () { wasAway = wasAway || document.hidden; });
  document.addEventListener("submit", function (event) {
    var form = event.target, told = document.getElementById("signed-out");
    if (form.method !== "post" || form.hasAttribute("hx-post") || !told) return;
    if (form.dataset.asked) { delete form.dataset.asked; return; }
    if (!wasAway && Date.now() - SHOWN_AT < STALE) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    fetch(told.dataset.ask).then(function (answer) {
      return answer.redirected ? "" : answer.text();
    }).catch(function () { return null; }).then(function (page) {
      if (page === "") { tellSignedOut(told); return; }
      if (page) renewToken(page);
      form.dataset.asked = "yes";
      form.requestSubmit(event.submitter);
    });
  });
  function tellSignedOut(told) {
    var messages = document.getElementById("messages");
    messages.replaceChildren(told.content.cloneNode(true));
    messages.firstElementChild.focus();
  }
  function renewToken(page) {
    var name = "input[name=csrfmiddlewaretoken]";
    var fresh = new DOMParser().parseFromString(page, "text/html").querySelector(name);
    if (!fresh) return;
    document.querySelectorAll(name).forEach(function (field) { field.value = fresh.value; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh.value }));
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

  // A value that is typed into another page is copied; the button is there where a browser can.
  function copiers(root) {
    if (!navigator.clipboard) return;
    root.querySelectorAll("button[data-copy]").forEach(function (button) { button.hidden = false; });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button[data-copy]") : null;
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.textContent = button.dataset.copied;
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
    if (form) { history.replaceState(history.state, "", form.dataset.instead); return; }
    // The answer to a form, with what is to be corrected: a reload must not send it once more.
    if ("posted" in document.documentElement.dataset) {
      history.replaceState(history.state, "", location.href);
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    bars(document); copiers(document); leaveNoQuestion();
  });
  document.addEventListener("htmx:afterSwap", function (event) { bars(event.target); });
})();
