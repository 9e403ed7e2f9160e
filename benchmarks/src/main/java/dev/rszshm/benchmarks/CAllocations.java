package dev.rszshm.benchmarks;

import dev.rszshm.testkit.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The members of allocation.cpp. */
final class CAllocations implements AllocationGroup {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final WorkerProcess parent;

  CAllocations(AllocationPeer peer, AllocationSetting setting) {
    List<String> command = new ArrayList<>(peer.command());
    command.add(setting.processes() ? "processes" : "threads");
    command.add(setting.work());
    command.add(Integer.toString(setting.members()));
    command.add(Integer.toString(setting.operations()));
    parent = WorkerProcess.start(LIMIT, command);
  }

  @Override
  public Lap lap() {
    long[] answer = ask("lap");
    return new Lap(answer[0], answer[1]);
  }

  @Override
  public long finding(int index) {
    throw new UnsupportedOperationException("allocation tells nothing but the time and the memory");
  }

  @Override
  public Memory memory() {
    long[] answer = ask("memory");
    return new Memory(answer[0], answer[1], Double.NaN);
  }

  private long[] ask(String line) {
    String[] words = parent.ask(line).split(" ");
    if (words.length != 2) {
      throw new IllegalStateException(
          "allocation said \"" + String.join(" ", words) + "\", expected two numbers");
    }
    return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
  }

  @Override
  public void close() {
    parent.closeInput();
    parent.awaitSuccess();
    parent.close();
  }
}
