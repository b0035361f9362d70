/**
 * Discrete Fourier transforms.
 *
 * Complex numbers are pairs of tensors, `{ real, imaginary }`; where a tensor stands alone, it is real. A
 * pair goes wherever tensors go: through `compile`, gradients and all operators, part by part.
 *
 * @module
 */

export {
  type Complex,
  type ComplexLike,
  fft,
  fft2,
  type Fft2Options,
  type FftNormalization,
  type FftOptions,
  ifft,
  ifft2,
} from "./complex_transforms.ts";
export { fftfreq, type FftfreqOptions, rfftfreq } from "./frequencies.ts";
export {
  irfft,
  irfft2,
  type Irfft2Options,
  rfft,
  rfft2,
} from "./real_transforms.ts";
export { fftshift, ifftshift } from "./shift.ts";
export {
  type InverseShortTimeOptions,
  istft,
  type ShortTimeOptions,
  stft,
} from "./short_time.ts";
