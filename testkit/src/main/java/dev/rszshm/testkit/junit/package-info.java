/** Explorations as tests of JUnit Jupiter, which has to be on the class path of the tests. */
package dev.rszshm.testkit.junit;
