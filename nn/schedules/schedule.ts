/**
 * How the learning rate changes in the course of training: the factor of the optimizer's learning rate
 * after a share of all steps, from 0 at the first step to below 1 at the last.
 */
export type Schedule = (share: number) => number;
