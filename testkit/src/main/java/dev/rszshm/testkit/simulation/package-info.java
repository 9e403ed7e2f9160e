/** Simulated processes, in every order and with every death: see {@link Simulation}. */
package dev.rszshm.testkit.simulation;
