// Says while somebody types where a condition or a frequency is wrong.
(() => {
  let waiting = 0;
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset.check) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        const answer = await fetch(target.dataset.check + encodeURIComponent(target.value));
        if (answer.ok) document.getElementById(target.id + "-said").textContent = await answer.text();
      } catch {
        // The answer to the form says it again.
      }
    }, 250);
  });
})();
