// What a page must hold, and axe does not ask. Each function returns sentences about what is wrong.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const words = (element.innerText || element.value || element.getAttribute("aria-label") || "").trim().slice(0, 30);
    return `<${element.tagName.toLowerCase()}${id}.${element.className?.baseVal ?? element.className}> "${words}"`;
  };
  const isForTheEar = (element) => getComputedStyle(element).clipPath === "inset(50%)";
  const isShown = (element) => {
    for (let at = element; at; at = at.parentElement) if (isForTheEar(at)) return false;
    return element.checkVisibility({ visibilityProperty: true });
  };
  const references = (element) => (element.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean);
  const told = (element) => [...references(element), ...references(element.closest("fieldset") || element)];

  function structure(language) {
    const wrong = [];
    const ids = all("[id]").map((element) => element.id);
    const headings = all("h1").filter(isShown);
    if (document.documentElement.lang !== language) wrong.push(`lang is ${document.documentElement.lang}`);
    if (headings.length !== 1) wrong.push(`${headings.length} first headings`);
    if (!document.title.includes(" – ")) wrong.push(`the title says only: ${document.title}`);
    [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))].forEach((id) => wrong.push(`id twice: ${id}`));
    all("[required]").forEach((element) => wrong.push(`required: ${name(element)}`));
    all("[style], style, script:not([src])").forEach((element) => wrong.push(`inline: ${name(element)}`));
    all("[aria-describedby]").flatMap(references).filter((id) => !document.getElementById(id))
      .forEach((id) => wrong.push(`described by nothing: ${id}`));
    return wrong;
  }

  function forms() {
    const wrong = [];
    all('[aria-invalid="true"]').forEach((element) => {
      const shown = told(element).map((id) => document.getElementById(id)).filter((said) => said?.matches(".error"));
      if (!shown.some((said) => isShown(said) && said.innerText.trim())) wrong.push(`wrong, but not told why: ${name(element)}`);
    });
    all(".error[id]:not([hidden])").filter((said) => !all("[aria-describedby]").some((element) => references(element).includes(said.id)))
      .forEach((said) => wrong.push(`an error of no control: ${name(said)}`));
    all(".field--wrong").filter((field) => !field.querySelector('[aria-invalid="true"]'))
      .forEach((field) => wrong.push(`marked wrong by colour alone: ${name(field)}`));
    all(".field .hint[id]").filter((hint) => !all("[aria-describedby]").some((element) => references(element).includes(hint.id)))
      .forEach((hint) => wrong.push(`a hint of no control: ${name(hint)}`));
    all("input[type=radio]").filter((radio) => !radio.closest("fieldset")?.querySelector("legend")?.innerText.trim())
      .forEach((radio) => wrong.push(`a choice outside a named group: ${name(radio)}`));
    all("form[method=post]").filter((form) => !form.querySelector("[name=csrf_token]"))
      .forEach((form) => wrong.push(`a form anybody could send: ${form.action}`));
    return wrong;
  }

  function reflow() {
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const wide = all("body *").filter((element) => isShown(element) && !element.parentElement.closest(".scroll")
      && element.getBoundingClientRect().right > page.clientWidth + 1);
    return [`${page.scrollWidth} wide on ${page.clientWidth}: ${wide.slice(0, 3).map(name).join("; ")}`];
  }

  // A person came for the page, not for what stands above each of them; sample data are not shown in earnest.
  function header() {
    const tall = (element) => element?.getBoundingClientRect().height ?? 0;
    const used = tall(document.querySelector(".top")) - tall(document.querySelector(".strip--demo"));
    return used > window.innerHeight / 5 ? [`the header takes ${Math.round(used)} of ${window.innerHeight} px`] : [];
  }

  function targets() {
    const low = (selector, least) => all(selector).filter(isShown)
      .filter((element) => element.getBoundingClientRect().height < least - 0.5)
      .map((element) => `${Math.round(element.getBoundingClientRect().height)} px high, not ${least}: ${name(element)}`);
    return [...low(".button, .choice, .input, .fold > summary, .filters > summary", 44), ...low(".chip, .breadcrumbs a, .footer a, thead a", 24)];
  }

  // Text that its box cuts off; tables scroll, and what is for the ear only is cut on purpose.
  function clipped() {
    const cuts = (element) => {
      const style = getComputedStyle(element);
      const across = style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
      const down = style.overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1;
      return across || down;
    };
    return all("body *").filter((element) => isShown(element) && element.innerText?.trim())
      .filter((element) => !element.matches("textarea, select, option, .scroll") && !element.closest("svg"))
      .filter(cuts).map((element) => `cut off: ${name(element)}`);
  }

  // The distances of success criterion 1.4.12, given the way the page's own policy allows.
  function space() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [sheet];
    const wrong = [...clipped(), ...reflow()].map((said) => `with wide spacing, ${said}`);
    document.adoptedStyleSheets = [];
    return wrong;
  }

  function forcedColours() {
    const border = (element, side) => Number.parseFloat(getComputedStyle(element)[`border${side}Width`]);
    const wrong = [];
    all(".tag, .button:not(.button--link), .input").filter((element) => isShown(element) && border(element, "Top") < 1)
      .forEach((element) => wrong.push(`no border in forced colours: ${name(element)}`));
    all(".tabs a").forEach((tab) => {
      if (border(tab, "Bottom") > 0 !== tab.hasAttribute("aria-current")) wrong.push(`which tab is current cannot be seen: ${name(tab)}`);
    });
    all(".choices:not(.choices--list) .choice:has(:checked)").filter((choice) => border(choice, "Top") < 4)
      .forEach((choice) => wrong.push(`chosen by colour alone: ${name(choice)}`));
    all(".task--late").filter((task) => border(task, "Left") < 6).forEach((task) => wrong.push(`late by colour alone: ${name(task)}`));
    return wrong;
  }

  function motion() {
    return document.getAnimations().map((animation) => `moves: ${animation.effect?.target && name(animation.effect.target)}`);
  }

  // Everything Tab should reach; of radio buttons one for the group, of closed folds nothing.
  function stops() {
    const seen = new Set();
    return all("a[href], button, input, select, textarea, summary, [tabindex='0']").filter((element) => {
      if (element.disabled || element.type === "hidden" || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      if (seen.has(element.name)) return false;
      seen.add(element.name);
      return true;
    });
  }

  // Where Tab has come to: whether its mark can be seen, and how far down the page it is.
  function focus() {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return null;
    const isMarked = (element, part) => {
      const style = getComputedStyle(element, part);
      return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 3;
    };
    const around = [at.closest(".choice"), at.closest(".file")?.querySelector(".button")].filter(Boolean);
    const isSeen = isMarked(at) || isMarked(at, "::after") || around.some((element) => isMarked(element));
    const place = stops().findIndex((stop) => stop === at || (stop.type === "radio" && stop.name === at.name));
    return { name: name(at), isSeen, place };
  }

  window.checks = { structure, forms, reflow, header, targets, clipped, space, forcedColours, motion, focus, count: () => stops().length };
})();
