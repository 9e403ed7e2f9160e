/**
 * Stress tests of {@link dev.rszshm.heap.spi.Memory} with jcstress: what compilers and processors
 * do to the order of accesses, which no test that goes step by step can see.
 *
 * <p>Each test lets two threads (the actors) work on the same shared words, very many times, and
 * counts what they have seen. What must never be seen is FORBIDDEN; what is allowed, but only
 * because the access promises little, is ACCEPTABLE_INTERESTING.
 *
 * <pre>
 * mvn verify -pl tests -am -Dit.test=StressIT                                    a sample
 * mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Publication    a part of it
 * mvn -Pstorm verify -pl tests -am -Dit.test=StressIT                            the long run
 * </pre>
 *
 * <p>Both need {@code -Dsurefire.failIfNoSpecifiedTests=false
 * -Dfailsafe.failIfNoSpecifiedTests=false} for the modules that have no such test.
 */
package dev.rszshm.tests.stress;
