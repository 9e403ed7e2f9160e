package dev.rszshm.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm info}: what can be learnt of heaps without touching them. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {"Shows the headers of heaps and who is attached.", ""},
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm info /dev/shm/jobs",
      "%nExit status:",
      "  0  all files were shown",
      "  1  one of them is not a heap, or damaged, or may not be read; the others were shown",
      "  2  the arguments cannot be used"
    })
final class InfoCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "heaps")
  private List<Path> files = List.of();

  @Option(names = "--json", description = "one line of JSON for each file; errors as well")
  private boolean json;

  InfoCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    int status = 0;
    boolean first = true;
    for (Path file : files) {
      try {
        HeapInfo info = HeapInfo.of(file);
        if (json) {
          JsonLine.write(out, line -> write(line, info));
        } else {
          out.print((first ? "" : "\n") + InfoText.format(info));
          out.flush();
        }
        first = false;
      } catch (HeapException e) {
        status = CommandException.FAILED;
        if (json) {
          JsonLine.error(err, e.kind(), e.getMessage());
        } else {
          err.println("rszshm info: " + e.getMessage());
        }
      }
    }
    return status;
  }

  private static void write(JsonGenerator json, HeapInfo info) throws IOException {
    json.writeStringField("path", info.path().toString());
    json.writeBooleanField("plain", info.plain());
    if (!info.plain()) {
      json.writeNumberField("version", info.version());
      json.writeStringField("id", info.id().orElseThrow().toString());
      json.writeStringField("created", info.created().orElseThrow().toString());
      json.writeNumberField("growths", info.growths());
    }
    json.writeStringField("address", "0x" + Long.toHexString(info.address()));
    json.writeNumberField("length", info.length());
    json.writeNumberField("span", info.span());
    json.writeNumberField("fileLength", info.fileLength());
    json.writeNumberField("dataOffset", info.dataOffset());
    if (!info.plain()) {
      json.writeBooleanField("generatedDirectory", info.generatedDirectory());
      json.writeNumberField("participantSlots", info.participantSlots());
      json.writeArrayFieldStart("participants");
      for (Participant participant : info.participants()) {
        write(json, participant);
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, Participant participant) throws IOException {
    json.writeStartObject();
    json.writeNumberField("slot", participant.slot());
    json.writeNumberField("generation", participant.generation());
    json.writeNumberField("pid", participant.pid());
    json.writeStringField("name", participant.name());
    json.writeStringField("attached", participant.attached().toString());
    json.writeBooleanField("otherAddress", participant.otherAddress());
    json.writeBooleanField("alive", participant.alive());
    json.writeEndObject();
  }
}
