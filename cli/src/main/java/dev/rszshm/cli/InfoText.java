package dev.rszshm.cli;

import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;

/** Facts of a heap as text. */
final class InfoText {
  private static final String FACT = "  %-13s %s%n";

  private InfoText() {}

  static String format(HeapInfo info) {
    StringBuilder text = new StringBuilder(printable(info.path().toString()) + "\n");
    if (info.plain()) {
      text.append(String.format(FACT, "kind", "plain file, as ccan's rszshm makes"));
    } else {
      text.append(String.format(FACT, "kind", "heap, format version " + info.version()));
      text.append(String.format(FACT, "id", info.id().orElseThrow()));
      text.append(String.format(FACT, "created", info.created().orElseThrow()));
    }
    text.append(String.format(FACT, "address", "0x" + Long.toHexString(info.address())));
    text.append(String.format(FACT, "length", Amounts.bytes(info.length())));
    text.append(String.format(FACT, "span", Amounts.bytes(info.span())));
    text.append(String.format(FACT, "file length", Amounts.bytes(info.fileLength())));
    text.append(String.format(FACT, "data offset", info.dataOffset()));
    if (!info.plain()) {
      text.append(String.format(FACT, "growths", info.growths()));
      text.append(
          String.format(
              FACT, "directory", info.generatedDirectory() ? "made for the heap" : "not its own"));
      appendParticipants(text, info);
    }
    return text.toString();
  }

  private static void appendParticipants(StringBuilder text, HeapInfo info) {
    text.append(
        String.format(
            FACT,
            "participants",
            info.participants().isEmpty()
                ? "none of " + info.participantSlots()
                : info.participants().size() + " of " + info.participantSlots()));
    if (info.participants().isEmpty()) {
      return;
    }
    String row = "    %4s %10s  %-5s  %-24s  %s%n";
    text.append(String.format(row, "slot", "pid", "state", "since", "name"));
    for (Participant participant : info.participants()) {
      text.append(
          String.format(
              row,
              participant.slot(),
              participant.pid(),
              participant.alive() ? "alive" : "dead",
              participant.attached(),
              printable(participant.name())
                  + (participant.otherAddress() ? " (at another address)" : "")));
    }
  }

  /** Names come from files that others wrote: they must not speak to the terminal. */
  private static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return safe.toString();
  }
}
