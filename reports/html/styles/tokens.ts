// Design tokens: every colour reads at 4.5 : 1 as text and 3 : 1 as a mark on its ground, in both schemes. Print is always light.

const light = `
  --paper: #fdfcf9; --wash: #f4f2ec; --rule: #dad6cc; --faint: #ebe8e0;
  --ink: #1c2024; --muted: #565e66; --link: #1a5a96; --on-mark: #fff;
  --upheld: #1b6842; --required: #1d5a84; --violated: #a8232f; --inconclusive: #865000; --failed: #6a3d9a; --interrupted: #565e66;
  --upheld-wash: #eef6f0; --required-wash: #edf4f9; --violated-wash: #fbeeee; --inconclusive-wash: #fbf3e6; --failed-wash: #f5effb; --interrupted-wash: #f1f1ef;
  --ack: #2f6fb0; --ack-fill: #bcd5ee; --delivered: #0b6e69; --fail: #ad1f66; --info: #9a5600; --away: #a39b8c;
  --processed: #7fa6c9; --calm: #d8e4ef; --fault: #a8232f; --healing: #7a828a;`;

const dark = `
  --paper: #15181b; --wash: #1d2125; --rule: #3a4148; --faint: #262b30;
  --ink: #e6e3dc; --muted: #a7aeb5; --link: #8fbff0; --on-mark: #15181b;
  --upheld: #71c798; --required: #86c2ee; --violated: #ff8f92; --inconclusive: #f0b559; --failed: #c5b2f6; --interrupted: #a7aeb5;
  --upheld-wash: #19251f; --required-wash: #18232c; --violated-wash: #2c1b1d; --inconclusive-wash: #2a2217; --failed-wash: #231e2e; --interrupted-wash: #1f2327;
  --ack: #74b4f2; --ack-fill: #2c4a68; --delivered: #4fcac1; --fail: #ff80bb; --info: #f5aa40; --away: #8b8475;
  --processed: #4a76a0; --calm: #24384b; --fault: #ff8f92; --healing: #8d959c;`;

export const tokens = `
:root { color-scheme: light dark; ${light}
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --code: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  --margin: 9.5rem; --gap: 1.75rem; }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
@media print { :root { color-scheme: light; } }
`;
