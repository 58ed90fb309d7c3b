/** How many samples a property is tried with; SLOW=1 tries very many. */
export const RUNS = process.env.SLOW === '1' ? 20_000 : 300;
