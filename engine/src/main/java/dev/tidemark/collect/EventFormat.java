package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** How the members of an event's JSON object are named. Stateless. */
interface EventFormat {

    /** Reads one member; the parser stands on its value and is left on the last token of it. */
    void member(JsonParser parser, RawEvent event, String name) throws IOException;

    /** Puts together what several members decide. */
    void complete(RawEvent event);

    /** The name of the member that holds the event type, for messages. */
    String typeField();

    /** The name of the member that says when it was sent. */
    String sentAtField();

    /** What its dead letters give as their source, by which it is found again. */
    String source();
}
