/** Explorations as tests of JUnit Jupiter, which has to be on the class path of the tests. */
@NullMarked
package dev.rszshm.testkit.junit;

import org.jspecify.annotations.NullMarked;
