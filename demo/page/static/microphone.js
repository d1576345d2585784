// A microphone that records as a telephone hears: one channel, 8000 samples a second, as a WAV file.

const RATE = 8000;
const LONGEST = 120;

export class Microphone {
  constructor() {
    this.live = false;
  }

  /** Begins to record; false where there is no microphone, or nobody may use it. */
  async begin() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.context = new AudioContext();
      await this.context.audioWorklet.addModule("/static/listener.js");
    } catch {
      this.drop();
      return false;
    }
    this.chunks = [];
    this.listener = new AudioWorkletNode(this.context, "listener");
    this.listener.port.onmessage = ({ data }) => this.chunks.push(data);
    this.context.createMediaStreamSource(this.stream).connect(this.listener);
    this.live = true;
    return true;
  }

  /** Ends the recording; returns it in base64, with its length. */
  stop() {
    const samples = telephone(this.chunks, this.context.sampleRate);
    this.drop();
    return { sound: base64(wav(samples)), seconds: Math.max(1, Math.round(samples.length / RATE)) };
  }

  /** Lets go of the microphone. */
  drop() {
    this.live = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    this.stream = this.context = null;
  }
}

/** Fewer samples, each the mean of those that it stands for. */
function telephone(chunks, rate) {
  const all = new Float32Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let place = 0;
  for (const chunk of chunks) {
    all.set(chunk, place);
    place += chunk.length;
  }
  const step = rate / RATE;
  const samples = new Int16Array(Math.min(Math.floor(all.length / step), LONGEST * RATE));
  for (let index = 0; index < samples.length; index += 1) {
    const from = Math.floor(index * step);
    const to = Math.max(from + 1, Math.floor((index + 1) * step));
    let sum = 0;
    for (let each = from; each < to; each += 1) sum += all[each];
    samples[index] = Math.max(-1, Math.min(1, sum / (to - from))) * 32767;
  }
  return samples;
}

function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const words = (place, text) => [...text].forEach((letter, index) => view.setUint8(place + index, letter.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => view.setInt16(44 + index * 2, sample, true));
  return new Uint8Array(view.buffer);
}

function base64(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 8192) text += String.fromCharCode(...bytes.subarray(place, place + 8192));
  return btoa(text);
}
