/* The page's own few lines: takes the first paint away, says when the connection is lost and comes back when it is
   there again, leads to the sign-in when the session has ended, and remembers light or dark. */
(() => {
  "use strict";
  const html = document.documentElement;
  const paint = document.getElementById("first-paint");
  const lost = document.getElementById("lost");
  let leaving = false;
  addEventListener("pagehide", () => { leaving = true; });

  const started = Date.now();
  const frame = () => window.Bokeh?.documents?.[0]?.roots().find((root) => root.data && "dark_theme" in root.data.attributes);
  const drawn = (root) => root.is_idle && root.el?.shadowRoot?.querySelector(".mui-light, .mui-dark");
  const ready = setInterval(() => {
    const roots = window.Bokeh?.index?.roots ?? [];
    if (roots.some(drawn) || Date.now() - started > 20000) {
      clearInterval(ready);
      foldMenu();
      followTheme();
      paint.classList.add("gone");
      setTimeout(() => paint.remove(), 200);
      html.dataset.ready = "true";
    }
  }, 50);

  function foldMenu() {
    const narrow = matchMedia("(max-width: 599px)");
    const keep = () => { document.cookie = `isp_narrow=${narrow.matches ? 1 : 0}; path=/; max-age=31536000; samesite=lax`; };
    narrow.addEventListener("change", keep);
    keep();
    const page = frame();
    if (narrow.matches && page?.data.sidebar_open) { page.data.sidebar_open = false; }
  }

  const say = (words) => { lost.hidden = false; lost.firstElementChild.textContent = words; };

  const comeBack = async () => {
    try {
      const answer = await fetch("/whoami", { cache: "no-store" });
      const who = await answer.json();
      if (!who.signed_in && html.dataset.signedIn === "true") {
        const here = encodeURIComponent(location.pathname + location.search);
        location.replace(`/sign-in?ended=1&next=${here}`);
      } else {
        location.reload();
      }
    } catch {
      say("The connection is lost. Trying again…");
      setTimeout(comeBack, 2000);
    }
  };

  window.WebSocket = class extends window.WebSocket {
    constructor(...rest) {
      super(...rest);
      this.addEventListener("close", () => {
        if (leaving) { return; }
        say("The connection is lost. Trying again…");
        setTimeout(comeBack, 400);
      });
    }
  };

  /* The page's own value, not what is drawn: that comes later, the later the slower the device. */
  function followTheme() {
    const page = frame()?.data;
    if (!page) { return; }
    const keep = () => {
      const theme = page.dark_theme ? "dark" : "light";
      html.dataset.ispTheme = theme;
      document.cookie = `isp_theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    };
    page.properties.dark_theme.change.connect(keep);
    keep();
  }
})();
