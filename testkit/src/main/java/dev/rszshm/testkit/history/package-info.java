/**
 * Was what several processes saw of a shared object possible? A linearizability checker for small
 * concurrent histories, of processes that may be killed at any instruction.
 *
 * <ol>
 *   <li>Record what happens with a {@link dev.rszshm.testkit.history.HistoryRecorder}: each call
 *       before it is made, each return after it, each death.
 *   <li>Choose the {@link dev.rszshm.testkit.history.Model} of what the object should do, or write
 *       one: the object as a sequential program.
 *   <li>Let {@link dev.rszshm.testkit.history.Linearizability} compare them.
 * </ol>
 *
 * <pre>{@code
 * HistoryRecorder<MapModel.Operation<String, Integer>, Object> recorder = new HistoryRecorder<>();
 *
 * // in each thread or simulated process
 * var call = recorder.invoke("p1", new MapModel.Put<>("a", 1));
 * call.returned(map.put("a", 1));
 * // or in one line
 * recorder.record("p1", new MapModel.Put<>("a", 1), () -> map.put("a", 1));
 *
 * // when a process has been killed
 * recorder.died("p1");
 *
 * // at the end
 * Linearizability.requireLinearizable(recorder.history(), new MapModel<>());
 * }</pre>
 *
 * <p>A call that has not returned, since its process died in it, may or may not have had its
 * effect: both are accepted, as long as the others agree about it.
 *
 * <p>A failure shows how far an order of the calls can explain what was seen, and where it ends:
 *
 * <pre>{@code
 * not linearizable (partition a): no order explains all that had returned by time 9.
 * The order that gets furthest, and (!) the calls that cannot come next:
 *   order  process  operation  result  times
 *   1      p1       put(a, 1)  null    1..3   |-|
 *          p2       put(a, 2)  ...     2..     |--x
 *          p2       (died)             4..5      xx
 *   !      p3       get(a)     3       8..9        ||
 *   (3 of 4 calls; the others are long past or later)
 * Then the state is 1, and
 *   p3 get(a) = 3: it would return 1 here
 * }</pre>
 *
 * <p>There are models of a register, a counter, a map, a set, a queue, a stack and a lock.
 *
 * <h2>Sources</h2>
 *
 * <ul>
 *   <li>M. Herlihy, J. Wing: Linearizability: a correctness condition for concurrent objects. ACM
 *       TOPLAS 12 (3), 1990. What it is, and that objects can be looked at one by one.
 *   <li>J. Wing, C. Gong: Testing and verifying concurrent objects. Journal of Parallel and
 *       Distributed Computing 17, 1993. The search.
 *   <li>P. Gibbons, E. Korach: Testing shared memories. SIAM Journal on Computing 26 (4), 1997. Why
 *       it can take long.
 *   <li>G. Lowe: Testing for linearizability. Concurrency and Computation: Practice and Experience
 *       29 (4), 2017. Why it mostly does not.
 *   <li>A. Horn, D. Kroening: Faster linearizability checking via P-compositionality. FORTE 2015.
 *       Partitions.
 *   <li>M. Aguilera, S. Frølund: Strict linearizability and the power of aborting. HP Laboratories,
 *       HPL-2003-241, 2003.
 *   <li>J. Izraelevitz, H. Mendes, M. Scott: Linearizability of persistent memory objects under a
 *       full-system-crash failure model. DISC 2016.
 *   <li>M. Friedman, M. Herlihy, V. Marathe, E. Petrank: A persistent lock-free queue for
 *       non-volatile memory. PPoPP 2018.
 * </ul>
 */
@NullMarked
package dev.rszshm.testkit.history;

import org.jspecify.annotations.NullMarked;
