// Lets this browser show notices: asks it to subscribe with the desk's key, and sends what it says with a form of the page.
(async () => {
  const form = document.getElementById("add-device");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const said = document.getElementById("device-said"), button = form.querySelector("button");
  said.textContent = Notification.permission === "denied" ? "This browser was told to show no notices of this desk: allow them in its settings." : "";
  button.hidden = Notification.permission === "denied";
  form.hidden = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const worker = await navigator.serviceWorker.register("/assets/sw.js", { scope: "/" });
      if ((await Notification.requestPermission()) !== "granted") throw new Error("It asked, and the answer was no.");
      await navigator.serviceWorker.ready;
      const { endpoint, keys } = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key })).toJSON();
      Object.assign(form.elements.endpoint, { value: endpoint });
      Object.assign(form.elements.p256dh, { value: keys.p256dh });
      Object.assign(form.elements.auth, { value: keys.auth });
      form.submit();
    } catch (error) {
      said.textContent = `This browser cannot be added: ${error.message}`;
      button.disabled = false;
    }
  });
})();
