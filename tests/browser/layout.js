/* What is wrong with how a page is laid out, in words: what lies beside the page, words that are
   broken without a hyphen, texts outside their picture, and boxes that hide a part of what they hold. */
({ columns, rows }) => {
    const faults = new Set();
    const page = document.documentElement;
    const name = (element) => `${element.localName}.${element.getAttribute("class")} in `
        + `#${element.closest("[id]")?.id}`;
    const seen = (element) => element.checkVisibility({ visibilityProperty: true })
        && !element.closest(".unseen, .skip") && element.closest("thead")?.clientWidth !== 1;

    function beside() {
        if (page.scrollWidth <= page.clientWidth) return;
        const out = [...document.body.querySelectorAll("*")].filter((each) => seen(each)
            && !each.closest(".map-frame, .scroll") && each.getBoundingClientRect().right > page.clientWidth);
        faults.add(`beside the page: ${page.scrollWidth} in ${page.clientWidth}, ${out.slice(-1).map(name)}`);
    }

    /* Addresses, file names and digests may break anywhere. */
    const written = (word) => !/[/_%<>={}]|\w\.\w|[0-9a-f]{32}/.test(word);

    function brokenWords() {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const element = node.parentElement;
            if (!node.data.trim() || element.closest("svg, script, style, noscript") || !seen(element)) continue;
            range.selectNodeContents(node);
            if (new Set([...range.getClientRects()].map((box) => box.top)).size < 2) continue;
            for (const { 0: word, index } of node.data.matchAll(/\S+/gu)) {
                const at = written(word) ? breakIn(word, node, index, range) : -1;
                if (at > 0) faults.add(`broken: ${word.slice(0, at)}|${word.slice(at)} in ${name(element)}`);
            }
        }
    }

    /* Where a word goes on in the next line without a hyphen or a dash before, or -1. */
    function breakIn(word, node, index, range) {
        let top = null;
        for (let at = 0; at < word.length; at += 1) {
            range.setStart(node, index + at);
            range.setEnd(node, index + at + 1);
            const box = [...range.getClientRects()].filter((each) => each.width > 0).at(-1);
            if (!box) continue;
            if (top !== null && box.top > top + 2 && !/[\u00ad\-\u2010-\u2014]/.test(word[at - 1])) return at;
            top = box.top;
        }
        return -1;
    }

    function outsidePictures() {
        for (const text of document.querySelectorAll("svg text")) {
            if (text.closest(".sheet") || !seen(text)) continue;
            const [picture, box] = [text.ownerSVGElement, text].map((each) => each.getBoundingClientRect());
            const out = Math.max(picture.left - box.left, box.right - picture.right,
                picture.top - box.top, box.bottom - picture.bottom);
            if (box.width && out > 1.5) faults.add(`outside: ${text.textContent} by ${Math.round(out)}`);
        }
    }

    /* A table may scroll in its box where it has more columns, or rows, than an ordinary one. */
    function cutBoxes() {
        for (const box of document.body.querySelectorAll(":not(svg, svg *, .leaflet-container, .leaflet-container *)")) {
            if (getComputedStyle(box).overflowX === "visible" || !seen(box)) continue;
            const across = box.scrollWidth - box.clientWidth;
            const down = box.scrollHeight - box.clientHeight;
            const wide = box.matches(".scroll") && box.querySelectorAll("thead tr:last-child > *").length > columns;
            const pane = box.matches(".left, .side");
            const long = pane || (box.matches(".scroll") && box.querySelectorAll("tbody tr").length > rows);
            if (across > 1 && !wide) faults.add(`cut: ${box.scrollWidth} in ${box.clientWidth}, ${name(box)}`);
            if (down > 1 && !long) faults.add(`cut: ${box.scrollHeight} in a height of ${box.clientHeight}, ${name(box)}`);
        }
    }

    document.querySelectorAll("details").forEach((each) => { each.open = true; });
    document.querySelectorAll(".rows").forEach((each) => { each.style.contentVisibility = "visible"; });
    beside();
    brokenWords();
    outsidePictures();
    cutBoxes();
    return [...faults];
}
