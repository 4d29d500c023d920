// @vitest-environment node
import { describe, expect, it } from "vitest";
import { best, type Sample, toPosition } from "./position";

const sample = (mono: number, acc: number): Sample => ({ lat: 53.7961, lon: -1.5456, acc, mono });

describe("the position of a proof", () => {
  it("is the most accurate of the last 30 s", () => {
    const samples = [sample(0, 3), sample(15_000, 8), sample(20_000, 40), sample(40_000, 12)];
    expect(best(samples, 45_000)).toEqual(sample(15_000, 8));
  });

  it("is the newer of two that are as accurate", () => {
    expect(best([sample(1_000, 9), sample(2_000, 9)], 3_000)?.mono).toBe(2_000);
  });

  it("is the newest of older ones when the phone lay still, and says its age", () => {
    const found = best([sample(0, 3), sample(1_000, 50)], 120_000);
    expect(found?.mono).toBe(1_000);
    expect(found && toPosition(found, 120_000)).toMatchObject({
      age_ms: 119_000,
      source: "device_last",
    });
  });

  it("is none without samples", () => {
    expect(best([], 1_000)).toBeUndefined();
  });

  it("is whole numbers: degrees × 10⁷, centimetres, milliseconds", () => {
    expect(toPosition(sample(1_000.4, 9.126), 2_200.9)).toEqual({
      lat_e7: 537_961_000,
      lon_e7: -15_456_000,
      acc_cm: 913,
      age_ms: 1_201,
      source: "device",
    });
  });

  it("keeps an absurd accuracy within what the server takes", () => {
    expect(toPosition(sample(0, 1e12), 0).acc_cm).toBe(1_000_000_000);
  });
});
