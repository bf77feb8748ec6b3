// Measures the page that it is part of, and leaves what it finds in window.findings.
(() => {
  const findings = [];
  const width = document.scrollingElement.scrollWidth;
  if (width > innerWidth) findings.push(`the page is ${width} wide in a window of ${innerWidth}`);

  // The corners of a text as it is drawn, turned or not, without the space above and below it.
  const corners = (text) => {
    const box = text.getBBox(), matrix = text.getScreenCTM(), inset = box.height * 0.15;
    const at = (x, y) => {
      const point = new DOMPoint(x, y).matrixTransform(matrix);
      return [point.x, point.y];
    };
    const top = box.y + inset, bottom = box.y + box.height - inset, right = box.x + box.width;
    return [at(box.x, top), at(right, top), at(right, bottom), at(box.x, bottom)];
  };
  // Two rectangles are apart where an edge of one has the other wholly on its far side.
  const apart = (one, other) => one.some(([x, y], i) => {
    const [nextX, nextY] = one[(i + 1) % 4], normal = [nextY - y, x - nextX];
    const far = (shape) => shape.map((p) => p[0] * normal[0] + p[1] * normal[1]);
    const a = far(one), b = far(other), slack = 0.5 * Math.hypot(...normal);
    return Math.max(...a) <= Math.min(...b) + slack || Math.max(...b) <= Math.min(...a) + slack;
  });
  let texts = 0;
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const shapes = words.map(corners);
    texts += words.length;
    const name = svg.getAttribute("aria-label");
    words.forEach((word, i) => {
      if (shapes[i].some(([x, y]) => x < frame.left - 1 || x > frame.right + 1
          || y < frame.top - 1 || y > frame.bottom + 1)) {
        findings.push(`${name}: '${word.textContent}' is cut off`);
      }
      for (let j = 0; j < i; j++) {
        if (!apart(shapes[i], shapes[j]) && !apart(shapes[j], shapes[i])) {
          findings.push(`${name}: '${word.textContent}' is on '${words[j].textContent}'`);
        }
      }
    });
    const size = Math.min(...words.map((word) => {
      const matrix = word.getScreenCTM();
      return parseFloat(getComputedStyle(word).fontSize) * Math.hypot(matrix.a, matrix.b);
    }));
    if (size < 8) findings.push(`${name}: letters of ${size.toFixed(1)} px`);
  }

  const boxes = [...document.querySelectorAll("h1,h2,h3,p,figcaption,td,th,li,svg,img,footer")];
  const rects = boxes.map((box) => box.getBoundingClientRect());
  boxes.forEach((box, i) => {
    for (let j = 0; j < i; j++) {
      const a = rects[i], b = rects[j];
      const overlap = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
        && b.top < a.bottom - 1;
      if (overlap && !box.contains(boxes[j]) && !boxes[j].contains(box)) {
        findings.push(`'${box.textContent.slice(0, 40)}' is on `
          + `'${boxes[j].textContent.slice(0, 40)}'`);
      }
    }
  });
  window.measured = {texts, boxes: boxes.length, width: innerWidth};
  window.findings = findings;
})();
