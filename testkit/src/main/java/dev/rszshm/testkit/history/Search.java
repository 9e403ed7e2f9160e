package dev.rszshm.testkit.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/*
 * The search for an order of all steps that leads from state to state and keeps to the times.
 *
 * Origin
 *
 *   Wing and Gong, "Testing and verifying concurrent objects" (1993): take one of the steps that
 *   nothing open has to precede, see whether the specification allows it, go on with the rest, and
 *   come back to take another one if that fails. Lowe, "Testing for linearizability" (2017): never
 *   go on twice from the same set of steps and the same state, since what follows is the same.
 *
 * Notation
 *
 *   step        a call or a death, with the interval in which it takes effect
 *   mandatory   a step that has to be taken; the others, pending calls, are optional
 *   open        not taken yet
 *   barrier     the earliest end of an open mandatory step. That step has to come before every
 *               step that begins later. So the open steps that begin by then can come next, and no
 *               others. It never goes back as steps are taken.
 *
 * Optional steps
 *
 *   They set no barrier. Most have no end either, and can come at any time from their beginning on,
 *   or never. One with an end can come only as long as nothing was taken that begins later.
 *
 * What is found
 *
 *   An order, as soon as no mandatory step is open. If there is none, the order that got furthest:
 *   that with the latest barrier, of those with as many mandatory steps as can be, and of those with
 *   the fewest optional ones. From there the model refuses every mandatory step that could come next, as any it allowed would lead
 *   further; and no order at all takes every step that ends by that barrier.
 *
 *   The search keeps its own stack, so that a history may be long, and counts the configurations it
 *   remembers, which are what its memory goes into. Finding out is NP-complete in general (Gibbons
 *   and Korach, 1997): it may give up, and then says so.
 */
final class Search<S> {

  /**
   * Something that takes effect at one instant from one time to another.
   *
   * @param next the states that it leads to from a given one; none if it is not possible there
   */
  record Step<S>(long from, long to, boolean optional, Function<S, ? extends Collection<S>> next) {}

  /** How a search ended. */
  enum End {
    FOUND,
    NONE,
    GAVE_UP
  }

  /**
   * What a search has found.
   *
   * @param order the steps, by their numbers: all that are needed, or the order that got furthest
   * @param state where this order leads to
   * @param barrier the earliest end of what it leaves open
   * @param refused the mandatory steps that could come next and are not possible in this state
   */
  record Result<S>(End end, List<Integer> order, S state, long barrier, List<Integer> refused) {}

  /** How far an order gets: see What is found. */
  private record Reach(long barrier, int mandatory, int length) implements Comparable<Reach> {
    @Override
    public int compareTo(Reach other) {
      return Comparator.comparingLong(Reach::barrier)
          .thenComparingInt(Reach::mandatory)
          .thenComparing(Reach::length, Comparator.reverseOrder())
          .compare(this, other);
    }
  }

  private final List<Step<S>> steps;
  private final long limit;
  private final BitSet taken = new BitSet();
  private final Set<Configuration> visited = new HashSet<>();
  private final Deque<Frame> path = new ArrayDeque<>();

  /**
   * A search.
   *
   * @param steps sorted by their beginning
   * @param limit how many configurations to remember at most
   */
  Search(List<Step<S>> steps, long limit) {
    this.steps = steps;
    this.limit = limit;
  }

  Result<S> from(S initial) {
    visited.add(new Configuration(taken, initial));
    path.push(new Frame(-1, initial, Long.MIN_VALUE, 0));
    Result<S> furthest = path.element().result(End.NONE);
    Reach furthestReach = path.element().reach();
    while (!path.isEmpty()) {
      Frame top = path.element();
      if (top.mandatory == 0) {
        return top.result(End.FOUND);
      }
      if (visited.size() > limit) {
        return top.result(End.GAVE_UP);
      }
      if (!top.advance()) {
        if (top.reach().compareTo(furthestReach) > 0) {
          furthest = top.result(End.NONE);
          furthestReach = top.reach();
        }
        path.pop();
        if (top.step >= 0) {
          taken.clear(top.step);
        }
      }
    }
    return furthest;
  }

  /** A configuration on the path from the initial state, with what can come next. */
  private final class Frame {
    /** The step that led here, or -1. */
    private final int step;

    private final S state;

    /** The latest beginning of a step that was taken. */
    private final long latest;

    private final int mandatoryTaken;
    private final List<Integer> candidates;

    /** How many of the candidates are mandatory; they come first. */
    private final int mandatory;

    private final long barrier;
    private int tried;
    private Iterator<S> states = List.<S>of().iterator();

    Frame(int step, S state, long latest, int mandatoryTaken) {
      this.step = step;
      this.state = state;
      this.latest = latest;
      this.mandatoryTaken = mandatoryTaken;
      List<Integer> needed = new ArrayList<>();
      List<Integer> optional = new ArrayList<>();
      long earliestEnd = Long.MAX_VALUE;
      for (int i = taken.nextClearBit(0);
          i < steps.size() && steps.get(i).from() <= earliestEnd;
          i = taken.nextClearBit(i + 1)) {
        Step<S> open = steps.get(i);
        if (!open.optional()) {
          earliestEnd = Math.min(earliestEnd, open.to());
          needed.add(i);
        } else if (latest <= open.to()) {
          optional.add(i);
        }
      }
      // Whoever ends first has the fewest places to go.
      needed.sort(Comparator.comparingLong(i -> steps.get(i).to()));
      mandatory = needed.size();
      barrier = earliestEnd;
      needed.addAll(optional);
      candidates = needed;
    }

    /** Goes on to the next configuration that is new, if any is left. */
    boolean advance() {
      while (true) {
        if (states.hasNext()) {
          if (enter(candidates.get(tried - 1), states.next())) {
            return true;
          }
        } else if (tried < candidates.size()) {
          states = steps.get(candidates.get(tried++)).next().apply(state).iterator();
        } else {
          return false;
        }
      }
    }

    private boolean enter(int chosen, S next) {
      Objects.requireNonNull(next, "a model may not give a null state");
      taken.set(chosen);
      if (!visited.add(new Configuration(taken, next))) {
        taken.clear(chosen);
        return false;
      }
      Step<S> entered = steps.get(chosen);
      path.push(
          new Frame(
              chosen,
              next,
              Math.max(latest, entered.from()),
              mandatoryTaken + (entered.optional() ? 0 : 1)));
      return true;
    }

    /** How far the order gets that ends with this frame, the last one on the path. */
    Reach reach() {
      return new Reach(barrier, mandatoryTaken, path.size());
    }

    Result<S> result(End end) {
      List<Integer> order = new ArrayList<>();
      path.descendingIterator().forEachRemaining(frame -> order.add(frame.step));
      return new Result<>(
          end, order.subList(1, order.size()), state, barrier, candidates.subList(0, mandatory));
    }
  }
}
