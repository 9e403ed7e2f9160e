package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics.ParticipantUse;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm participants}: who is attached, and what they have of the allocator. */
@Command(
    name = "participants",
    description = {"Shows who is attached to a heap, and who was and has died.", ""},
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm participants /dev/shm/jobs",
      "%nWhat the dead have left others deal with by themselves; rszshm recover does it at once.",
      "%nExit status: 0, or 1 if the heap cannot be read, or 2 for wrong arguments"
    })
final class ParticipantsCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  ParticipantsCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forReading(file)) {
      List<ParticipantUse> uses = uses(heap);
      List<Participant> participants = heap.participants();
      if (json) {
        participants.forEach(p -> JsonLine.write(out, json(p, use(uses, p))));
        return 0;
      }
      if (heap.isPlain()) {
        line("a plain file keeps no participants");
        return 0;
      }
      line("%d of %d slots", participants.size(), heap.participantSlots());
      Text.Table table =
          new Text.Table(
              ">>>><>><", "NUMBER", "USE", "PID", "SINCE", "STATE", "LANES", "SLABS", "NAME");
      for (Participant p : participants) {
        Optional<ParticipantUse> use = use(uses, p);
        table.add(
            p.slot(),
            p.generation(),
            p.pid(),
            Text.age(p.attached()),
            p.alive() ? "alive" : "dead",
            use.map(u -> u.lanes() + "").orElse("0"),
            use.map(u -> u.slabs() + "").orElse("0"),
            p.name() + (p.otherAddress() ? " (at another address)" : ""));
      }
      if (!participants.isEmpty()) {
        table.print(out);
      }
      return 0;
    }
  }

  private static List<ParticipantUse> uses(Heap heap) {
    try (Allocator allocator = Allocator.on(heap)) {
      return allocator.statistics().participants();
    } catch (NotAnAllocatorException e) {
      return List.of();
    }
  }

  private static Optional<ParticipantUse> use(List<ParticipantUse> uses, Participant p) {
    return uses.stream()
        .filter(u -> u.slot() == p.slot() && u.generation() == p.generation())
        .findFirst();
  }

  private static Map<String, Object> json(Participant p, Optional<ParticipantUse> use) {
    Map<String, Object> map = Json.of(p);
    map.put("lanes", use.map(ParticipantUse::lanes).orElse(0));
    map.put("slabs", use.map(ParticipantUse::slabs).orElse(0L));
    return map;
  }
}
