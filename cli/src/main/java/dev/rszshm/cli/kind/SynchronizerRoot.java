package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.heap.Participant;
import dev.rszshm.sync.Holder;
import dev.rszshm.sync.SynchronizerKind;
import dev.rszshm.sync.SynchronizerState;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Locks and what else threads wait for. */
public final class SynchronizerRoot implements Kind {
  private final SynchronizerKind kind;

  SynchronizerRoot(SynchronizerKind kind) {
    this.kind = kind;
  }

  /** Returns the state of the synchronizer of a root. */
  public SynchronizerState state(Root root) {
    return SynchronizerState.at(root.heap(), root.place(1), kind, root.length(1));
  }

  @Override
  public Description describe(Root root) {
    SynchronizerState state = state(root);
    return new Description(kind.toString(), kind + ", " + state.summary(), facts(state));
  }

  private static Map<String, Object> facts(SynchronizerState state) {
    return Json.object(
        "state", state.summary(),
        "free", state.isFree(),
        "holder", state.holder().map(Json::of).orElse(null),
        "mayHaveWaiters", state.mayHaveWaiters(),
        "participants", state.participants().stream().map(Json::of).toList(),
        "value", state.value().isPresent() ? state.value().getAsLong() : null,
        "maximum", state.maximum().isPresent() ? state.maximum().getAsLong() : null,
        "leftByTheDead", state.leftByTheDead());
  }

  @Override
  public List<Finding> check(Root root) {
    SynchronizerState state = state(root);
    long offset = root.block();
    List<Finding> findings = new ArrayList<>();
    state.damage().forEach(text -> findings.add(new Finding(Severity.ERROR, offset, text)));
    boolean isLock = state.holder().isPresent() || state.value().isEmpty();
    Severity death =
        isLock ? Severity.RECOVERABLE : Severity.NOTE; // others take permits by themselves
    state.leftByTheDead().forEach(text -> findings.add(new Finding(death, offset, text)));
    return findings;
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    SynchronizerState state = state(root);
    out.println(kind + ", " + state.summary());
    state.holder().map(Holder::toString).ifPresent(text -> out.println("holder: " + text));
    for (Participant p : state.participants()) {
      out.println("process " + p.pid() + (p.alive() ? "" : ", dead") + "  " + p.name());
    }
    out.println(state.mayHaveWaiters() ? "somebody may wait" : "nobody waits");
    Kind.super.dump(root, out, most);
  }
}
