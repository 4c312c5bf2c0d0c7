package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A report that fits many tenants, written for event types with usual names.
 *
 * @param name of the template, and of a report made from it unless it is given another
 * @param events that its widgets look at
 * @param widgets as in the definition of a report; not to be modified
 */
record Template(String id, String name, String description, List<NeededEvent> events, List<ObjectNode> widgets) {
    Template {
        events = List.copyOf(events);
        widgets = List.copyOf(widgets);
    }

    /** An event type with those of its properties that a widget looks at. */
    record NeededEvent(String eventType, String description, List<NeededProperty> properties) {
        NeededEvent {
            properties = List.copyOf(properties);
        }
    }

    /** @param path as in questions */
    record NeededProperty(String path, String description) {}

    Set<String> eventTypes() {
        Set<String> types = new TreeSet<>();
        events.forEach(event -> types.add(event.eventType));
        return types;
    }

    Set<String> properties() {
        Set<String> paths = new TreeSet<>();
        events.forEach(event -> event.properties.forEach(property -> paths.add(property.path)));
        return paths;
    }
}
