/**
 * xterm.js makes `<style>` elements by script, which the page's content security policy refuses, and rightly: it could
 * not tell them from those of an attacker. The style sheets of the CSS object model are not under it, for only a script
 * that runs already has them. So the elements that xterm.js makes while it is opened, and keeps, put their text there.
 */
export function whileStyled(open: () => void): void {
  document.createElement = createElement as Document['createElement'];
  try {
    open();
  } finally {
    // The prototype's own shows again.
    Reflect.deleteProperty(document, 'createElement');
  }
}

const create = Document.prototype.createElement;

function createElement(name: string, options?: ElementCreationOptions): HTMLElement {
  return name === 'style' ? createSheet() : create.call(document, name, options);
}

/** An element in the place of a `<style>`: its text is a style sheet until it is removed. */
function createSheet(): HTMLElement {
  const sheet = new CSSStyleSheet();
  const element = create.call(document, 'span');
  element.hidden = true;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    HTMLElement.prototype.remove.call(element);
  };
  return element;
}
