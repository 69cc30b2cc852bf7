// A signature drawn with pen, finger or mouse. It travels as strokes of whole numbers in a box of 600 by 200.
const WIDTH = 600, HEIGHT = 200, LEAST_STEP = 2, MOST_POINTS = 3900;

function pad(root) {
  const canvas = root.querySelector('canvas'), field = root.querySelector('input'), pen = canvas.getContext('2d');
  let strokes = [], stroke = null;
  try { strokes = JSON.parse(field.value || '[]'); } catch { strokes = []; }
  root.hidden = false;

  const place = e => {
    const box = canvas.getBoundingClientRect(), fit = (v, most) => Math.max(0, Math.min(most, Math.round(v)));
    return [fit((e.clientX - box.left) / box.width * WIDTH, WIDTH), fit((e.clientY - box.top) / box.height * HEIGHT, HEIGHT)];
  };
  const draw = () => {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, { strokeStyle: getComputedStyle(canvas).color, lineWidth: 3.5, lineCap: 'round', lineJoin: 'round' });
    for (const points of strokes) { pen.beginPath(); points.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y)); if (points.length === 1) pen.lineTo(...points[0]); pen.stroke(); }
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ''; };

  canvas.addEventListener('pointerdown', e => {
    if (strokes.flat().length > MOST_POINTS || strokes.length >= 80) return;
    canvas.setPointerCapture(e.pointerId); stroke = [place(e)]; strokes.push(stroke); draw(); e.preventDefault();
  });
  canvas.addEventListener('pointermove', e => {
    if (!stroke || strokes.flat().length > MOST_POINTS) return;
    const [x, y] = place(e), [a, b] = stroke.at(-1);
    if (Math.abs(x - a) + Math.abs(y - b) >= LEAST_STEP) { stroke.push([x, y]); draw(); }
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { stroke = null; keep(); });
  root.querySelector('[data-clear]').addEventListener('click', () => { strokes = []; keep(); draw(); });
  document.addEventListener('themechange', draw);
  draw();
}

document.querySelectorAll('[data-signature]').forEach(pad);
