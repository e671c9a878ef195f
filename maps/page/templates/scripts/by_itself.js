/* A page that was mailed or copied out of its site: what it would lead to is not beside it.
   Opened from a folder, it looks for a small picture of the site; a page on the web never asks. */

function setUpByItself() {
  if (window.location.protocol !== "file:" || !data.links.sign) return;
  const sign = new Image();
  sign.addEventListener("error", () => {
    document.documentElement.dataset.alone = "yes";
    unlink(document);
    new MutationObserver(() => unlink(byId("selection"))).observe(byId("selection"), { childList: true, subtree: true });
  });
  sign.src = data.links.sign;
}

/* Turn links to other files into plain text; a cell of a table has no room to say where they are. */
function unlink(within) {
  within.querySelectorAll("a[href]").forEach((anchor) => {
    if (/^(#|[a-z]+:)/i.test(anchor.getAttribute("href"))) return;
    const where = anchor.closest("table") ? "" : " (in the full site)";
    anchor.replaceWith(make("span", { class: "elsewhere" }, anchor.textContent + where));
  });
}
