package dev.rszshm.testkit.junit;

import dev.rszshm.testkit.simulation.Simulation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that explores a simulation: every schedule within its bounds. The method tells the
 * scenario, and is called anew for each run; the simulation comes from a method of the test that it
 * names, or is one of words.
 *
 * <pre>{@code
 * Simulation heap() {
 *   return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4));
 * }
 *
 * @Explored(of = "heap", kills = 1)
 * void nothingIsLost(Scenario s) {
 *   s.process("one", p -> ...);
 *   s.process("two", p -> ...);
 *   s.check(p -> ...);
 * }
 * }</pre>
 *
 * <p>A failure is a {@link dev.rszshm.testkit.simulation.ScheduleFailure} with the simplest
 * schedule that was found, and {@link #replay} repeats that one alone. While the test runs, its
 * schedule is kept in {@code target/schedules/CLASS.METHOD}, or below the directory that the system
 * property {@code dev.rszshm.schedules} names; the file goes with a success. After a failure it has
 * the schedule of the failure, and a file {@code CLASS.METHOD.trace} beside it each of its steps;
 * if the JVM was killed or the test did not come back, that of the run at hand ({@link
 * dev.rszshm.testkit.simulation.Schedule#ofFile}).
 *
 * <p>What an exploration has seen is a report entry of the test. One that does not come to its end
 * within the bounds is a failure. {@code @BeforeEach} and {@code @AfterEach} are called once,
 * around all runs.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@TestTemplate
@ExtendWith(ExploredExtension.class)
public @interface Explored {
  /** A bound that is left as the simulation has it. */
  int AS_IT_IS = -1;

  /**
   * The name of a method without parameters, of the test class or one above, that returns the
   * {@link Simulation}; none for one of {@link #words}.
   */
  String of() default "";

  /** How many words the processes share, if no method is named. */
  int words() default 1;

  /** How many preemptions; see {@link Simulation#preemptions}. */
  int preemptions() default AS_IT_IS;

  /** How many deaths; see {@link Simulation#kills}. */
  int kills() default AS_IT_IS;

  /** How many loads get an older value; see {@link Simulation#staleLoads}. */
  int staleLoads() default AS_IT_IS;

  /** How many processes are stopped; see {@link Simulation#stops}. */
  int stops() default AS_IT_IS;

  /** One schedule that is run instead, as a failure shows it; to look at it step by step. */
  String replay() default "";
}
