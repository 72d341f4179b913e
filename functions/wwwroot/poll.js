// Keeps a live page fresh: asks every few seconds with the ETag of what is shown and swaps the content when it changed.
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const every = Number(main.dataset.live);
  let tag = null;

  const isBusy = () => {
    const active = document.activeElement;
    return document.hidden || main.querySelector("details[open]") ||
      (main.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName));
  };

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const content = fresh.querySelector("main[data-live]");
    if (!content) return location.reload();
    const focused = main.contains(document.activeElement) && document.activeElement.id;
    main.replaceChildren(...content.childNodes);
    if (document.title !== fresh.title) document.getElementById("said").textContent = fresh.title;
    document.title = fresh.title;
    if (focused) document.getElementById(focused)?.focus();
  };

  const poll = async () => {
    try {
      if (!isBusy()) {
        const address = new URL(location.href);
        address.searchParams.delete("done");
        const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect") return location.reload();
        if (answer.ok) {
          tag = answer.headers.get("ETag");
          swap(await answer.text());
        }
        document.body.classList.toggle("stale", !answer.ok && answer.status !== 304);
      }
    } catch {
      document.body.classList.add("stale");
    }
    setTimeout(poll, every);
  };

  setTimeout(poll, every);
})();
