/**
 * Faults that are put in on purpose, at every place there is: an error at each access and call
 * ({@link dev.rszshm.testkit.faults.ThrowAnywhere}), and any word in place of any other ({@link
 * dev.rszshm.testkit.faults.HostileWords}). Deaths and stops at every place are in {@link
 * dev.rszshm.testkit.simulation.Simulation}.
 */
@NullMarked
package dev.rszshm.testkit.faults;

import org.jspecify.annotations.NullMarked;
