/* The page's own few lines: takes the first paint away, says when the connection is lost and comes back when it is
   there again, leads to the sign-in when the session has ended, and remembers light or dark. */
(() => {
  "use strict";
  const html = document.documentElement;
  const paint = document.getElementById("first-paint");
  const lost = document.getElementById("lost");
  /* All pages stand side by side, perhaps below a path that a proxy puts before them. */
  const home = new URL("./", location.href).pathname;
  const remember = (name, value) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=${home}; max-age=31536000; samesite=lax${secure}`;
  };
  let leaving = false;
  addEventListener("pagehide", () => { leaving = true; });

  const started = Date.now();
  const frame = () => window.Bokeh?.documents?.[0]?.roots().find((root) => root.data && "dark_theme" in root.data.attributes);
  const drawn = (root) => root.is_idle && root.el?.shadowRoot?.querySelector(".mui-light, .mui-dark");
  const ready = setInterval(() => {
    const roots = window.Bokeh?.index?.roots ?? [];
    if (roots.some(drawn) || Date.now() - started > 20000) {
      clearInterval(ready);
      /* What scrolls can be reached by keys, also on a page without any link. */
      roots.find(drawn)?.el.shadowRoot.querySelector(".main-content")?.setAttribute("tabindex", "0");
      foldMenu();
      followTheme();
      paint.classList.add("gone");
      setTimeout(() => paint.remove(), 200);
      html.dataset.ready = "true";
    }
  }, 50);

  /* Which headings of the menu are open is remembered: the summary is pressed before its part opens or closes. */
  addEventListener("click", (event) => {
    const summary = event.composedPath().find((one) => one.matches?.(".menu summary"));
    if (!summary) { return; }
    setTimeout(() => {
      const open = [...summary.closest(".menu").querySelectorAll("details[open]")].map((one) => one.dataset.group);
      remember("isp_menu", open.join("."));
    });
  });

  function foldMenu() {
    const narrow = matchMedia("(max-width: 599px)");
    const keep = () => remember("isp_narrow", narrow.matches ? 1 : 0);
    narrow.addEventListener("change", keep);
    keep();
    const page = frame();
    if (narrow.matches && page?.data.sidebar_open) { page.data.sidebar_open = false; }
  }

  const say = (words) => { lost.hidden = false; html.dataset.lost = "true"; lost.firstElementChild.textContent = words; };

  const comeBack = async () => {
    try {
      const answer = await fetch("./whoami", { cache: "no-store" });
      const who = await answer.json();
      if (!who.signed_in && html.dataset.signedIn === "true") {
        const here = encodeURIComponent(location.pathname.slice(home.length - 1) + location.search);
        location.replace(`./sign-in?ended=1&next=${here}`);
      } else {
        location.reload();
      }
    } catch {
      say(html.dataset.lostWords);
      setTimeout(comeBack, 2000);
    }
  };

  window.WebSocket = class extends window.WebSocket {
    constructor(...rest) {
      super(...rest);
      this.addEventListener("close", () => {
        if (leaving) { return; }
        say(html.dataset.lostWords);
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
      remember("isp_theme", theme);
    };
    page.properties.dark_theme.change.connect(keep);
    keep();
  }
})();
