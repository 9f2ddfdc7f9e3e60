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
