/** Simulated processes, in every order and with every death: see {@link Simulation}. */
@NullMarked
package dev.rszshm.testkit.simulation;

import org.jspecify.annotations.NullMarked;
