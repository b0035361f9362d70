/** Version of the library, as plugins may ask for it by `engines.spiraltorch`. */
export const VERSION = "0.1.0";
