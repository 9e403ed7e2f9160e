/**
 * Structures that are broken on purpose, which the kit must find, each beside its correct twin,
 * which must pass where the broken one fails. They show what a green test is worth.
 */
package dev.rszshm.testkit.controls;
