// A menu of the head line closes as menus do: by Escape, and by a touch or the focus anywhere else.
(() => {
  const close = (keep) => {
    for (const menu of document.querySelectorAll(".top details[open]")) if (!menu.contains(keep)) menu.open = false;
  };
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".top details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const event of ["pointerdown", "focusin"]) document.addEventListener(event, ({ target }) => close(target));
})();

// Signs out where nobody has touched anything for a while. The board of a ward, which hangs on a wall, has no limit.
(() => {
  let touched = Date.now();
  for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    window.addEventListener(event, () => { touched = Date.now(); }, { passive: true });
  }
  setInterval(() => {
    const form = document.getElementById("sign-out");
    const minutes = form && Number(form.dataset.idleMinutes);
    if (!minutes || Date.now() - touched < minutes * 60000) return;
    form.querySelector("[name=idle]").value = "1";
    form.submit();
  }, 5000);
})();
