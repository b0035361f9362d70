import { talker } from "./talker.js";

export default talker("left");
