/**
 * The protocols of the allocator that must survive the death of any process at any step, each as
 * real code against shared words, explored by {@link dev.rszshm.testkit.simulation.Simulation}.
 * Each passes as it is, and fails when one of its guards is taken away: so every guard is needed,
 * and the exploration would notice its loss.
 */
package dev.rszshm.tests.protocols;
