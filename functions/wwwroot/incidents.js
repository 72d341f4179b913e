// The list of incidents: a right click, Shift+F10 or the menu key opens the menu of a row; without this the menu of each row stands in it.
(() => {
  const menuOf = (target) => target.closest?.("tbody tr")?.querySelector("details.menu");
  const close = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));

  document.addEventListener("contextmenu", (event) => {
    const menu = menuOf(event.target);
    if (!menu) return;
    event.preventDefault();
    close(menu);
    menu.open = true;
    menu.querySelector("button, a")?.focus();
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const items = [...menu.querySelectorAll("div button, div a, div input")];
      const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      items[(at + items.length) % items.length].focus();
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    close(event.target.closest?.("details.menu"));
    const link = event.target.closest?.("a[data-assign]");
    if (!link) return;
    event.preventDefault();
    choose(link);
  });

  // Puts a field with suggestions in the place of the link; the people are asked for once.
  const choose = async (link) => {
    const field = Object.assign(document.createElement("input"), { name: "user", placeholder: "e-mail address", required: true });
    field.setAttribute("list", "people");
    field.setAttribute("aria-label", "Assign to");
    const button = Object.assign(document.createElement("button"), { textContent: "Assign" });
    button.setAttribute("formaction", `/incidents/${link.dataset.assign}/assign`);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        button.click();
      }
    });
    link.replaceWith(field, button);
    field.focus();
    if (document.getElementById("people")) return;
    const list = Object.assign(document.createElement("datalist"), { id: "people" });
    document.body.append(list);
    const answer = await fetch("/incidents/people");
    if (answer.ok) list.append(...(await answer.text()).split("\n").filter(Boolean).map((login) => Object.assign(document.createElement("option"), { value: login })));
  };
})();
