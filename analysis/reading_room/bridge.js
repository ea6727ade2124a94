// Tells the kernel which button of the page was pressed, and keeps the keyboard where it was.
// The page holds text that others wrote; nothing of it is read here but keys that the kernel made.
(function () {
  "use strict";
  if (window.framingReadingRoom) { return; }
  window.framingReadingRoom = true;
  let count = 0;

  function prepare(room) {
    const status = room.querySelector(".framing-status");
    if (status) { status.setAttribute("role", "status"); }
    if (room.framingWatched) { return; }
    room.framingWatched = true;
    new MutationObserver(function () { settle(room); }).observe(room, { childList: true, subtree: true });
  }

  // After a screen has changed: the same button has the focus again, and an opened article shows its sentence.
  function settle(room) {
    const key = room.framingPressed;
    const lost = !document.activeElement || document.activeElement === document.body ||
      !room.contains(document.activeElement);
    if (key && lost) {
      const find = function (wanted) { return wanted && room.querySelector('[data-framing-go="' + wanted + '"]'); };
      // what was pressed may be gone: an article that was closed leads back to where it was opened
      const again = find(key) || find(room.framingOpener);
      if (again) { again.focus({ preventScroll: true }); }
    }
    const text = room.querySelector(".framing-text");
    if (text && !text.framingShown) {
      text.framingShown = true;
      const here = text.querySelector(".framing-here");
      if (here) { text.scrollTop = here.getBoundingClientRect().top - text.getBoundingClientRect().top - 40; }
      if (room.framingOpens) { text.focus({ preventScroll: true }); }
    }
    room.framingOpens = room.framingOpens && !text;
  }

  document.addEventListener("focusin", function (event) {
    const room = event.target.closest && event.target.closest(".framing-room");
    if (room) {
      prepare(room);
      // JupyterLab would take arrow keys for its own: it asks the element that has the focus
      event.target.setAttribute("data-lm-suppress-shortcuts", "true");
      if (!event.target.closest("[data-framing-go]")) { room.framingPressed = ""; }
    }
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("button[data-framing-go]");
    const room = button && button.closest(".framing-room");
    const signal = room && room.querySelector(".framing-signal input");
    const key = button && button.getAttribute("data-framing-go");
    if (!signal || !/^[0-9a-f]{12}$/.test(key)) { return; }
    prepare(room);
    room.framingPressed = key;
    room.framingOpens = Boolean(button.closest(".framing-evidence tbody"));
    if (room.framingOpens) { room.framingOpener = key; }
    count += 1;
    signal.value = key + " " + count;
    signal.dispatchEvent(new Event("input", { bubbles: true }));
    signal.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
