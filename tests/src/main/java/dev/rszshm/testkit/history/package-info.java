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
 * @EXAMPLE@
 * }</pre>
 *
 * <p>There are models of a register, a counter, a map, a set, a queue, a stack and a lock. Models
 * are also good for tests of one thread: each is a small program that says what is right.
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
package dev.rszshm.testkit.history;
