/**
 * Tests with more than one process, and with real deaths.
 *
 * <ul>
 *   <li>{@link dev.rszshm.testkit.process.WorkerJvm} starts JVMs that do a {@link
 *       dev.rszshm.testkit.process.WorkerJob}, on one or several threads; {@link
 *       dev.rszshm.testkit.process.WorkerSupply} has them ready before they are needed. A test
 *       talks to a {@link dev.rszshm.testkit.process.WorkerProcess} line by line, stops and
 *       continues it, and kills it.
 *   <li>Deaths at each step of an operation, one after the other, with a look at the world while
 *       the victim stands still: {@link dev.rszshm.testkit.process.KillPoint}.
 *   <li>A death at a step of whatever is going on, by a signal that the worker sends to itself:
 *       {@link dev.rszshm.testkit.process.WorkerProcess#killAfter}.
 *   <li>Thousands of deaths at steps and moments from a seed, with everything checked in between:
 *       {@link dev.rszshm.testkit.process.KillStorm}.
 * </ul>
 *
 * <p>Nothing outlives a test: processes end with it, and a {@link
 * dev.rszshm.testkit.process.ScratchDirectory} goes, even if the test's JVM is killed.
 */
@NullMarked
package dev.rszshm.testkit.process;

import org.jspecify.annotations.NullMarked;
