/**
 * Tests with more than one process: worker JVMs that a test starts, talks to, stops and kills, and
 * deaths at a chosen step of an operation.
 */
package dev.rszshm.testkit.process;
