// Pictures in shades of grey, prepared for a reader that has failed on them as they came.

export interface Grey {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** How much of the blur sharpening takes away. */
const STRENGTH = 2.5;

/** Pictures of fewer pixels are doubled before they are sharpened: their bars are a pixel wide. */
const SMALL = 400_000;

/** Blur of the sharpening in pixels each way; what fills a large picture is itself blurred wider. */
const RADIUS = { small: 4, large: 9 };

/** Weights of the four neighbours a quarter of a pixel off (Catmull-Rom). */
const QUARTER = [-0.0703125, 0.8671875, 0.2265625, -0.0234375] as const;

/** What a reader takes: four bytes a pixel. */
export function toPicture({ width, height, data }: Grey) {
  const pixels = Uint32Array.from(data, value => 0xff000000 | (value * 0x010101));
  return { width, height, data: new Uint8ClampedArray(pixels.buffer) };
}

export function toGrey(picture: Pick<ImageData, "width" | "height" | "data">): Grey {
  const { width, height, data } = picture;
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0; at < grey.length; at++) {
    const from = 4 * at;
    const [r = 0, g = 0, b = 0] = [data[from], data[from + 1], data[from + 2]];
    grey[at] = 0.299 * r + 0.587 * g + 0.114 * b;
  }
  return { width, height, data: grey };
}

/** Half the width and height: blurred and noisy bars come together again. */
export function halved({ width, height, data }: Grey): Grey {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      const [a = 0, b = 0] = [data[at], data[at + 1]];
      const [c = 0, d = 0] = [data[at + width], data[at + width + 1]];
      out[y * w + x] = (a + b + c + d) / 4;
    }
  }
  return { width: w, height: h, data: out };
}

/** The picture with its blur taken away (unsharp mask), small ones at twice the size. */
export function sharpened(grey: Grey): Grey {
  const isSmall = grey.data.length < SMALL;
  // A large one is halved first, which takes its noise away.
  const picture = doubled(isSmall ? grey : halved(grey));
  const radius = isSmall ? RADIUS.small : RADIUS.large;
  const blur = transposed(blurredRows(transposed(blurredRows(picture, radius)), radius));
  const data = picture.data.map((value, at) => value + STRENGTH * (value - (blur.data[at] ?? 0)));
  return { ...picture, data };
}

function doubled(grey: Grey): Grey {
  return transposed(doubledRows(transposed(doubledRows(grey))));
}

function doubledRows({ width, height, data }: Grey): Grey {
  const out = new Uint8ClampedArray(2 * width * height);
  for (let y = 0; y < height; y++) {
    const value = (x: number) => data[y * width + Math.min(Math.max(x, 0), width - 1)] ?? 0;
    for (let x = 0; x < width; x++) {
      const at = 2 * (y * width + x);
      out[at] = between(value(x + 1), value(x), value(x - 1), value(x - 2));
      out[at + 1] = between(value(x - 1), value(x), value(x + 1), value(x + 2));
    }
  }
  return { width: 2 * width, height, data: out };
}

function between(before: number, near: number, next: number, after: number): number {
  return QUARTER[0] * before + QUARTER[1] * near + QUARTER[2] * next + QUARTER[3] * after;
}

function blurredRows({ width, height, data }: Grey, radius: number): Grey {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const value = (x: number) => data[y * width + Math.min(Math.max(x, 0), width - 1)] ?? 0;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += value(x);
    for (let x = 0; x < width; x++) {
      out[y * width + x] = sum / (2 * radius + 1);
      sum += value(x + radius + 1) - value(x - radius);
    }
  }
  return { width, height, data: out };
}

function transposed({ width, height, data }: Grey): Grey {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x] ?? 0;
  }
  return { width: height, height: width, data: out };
}
