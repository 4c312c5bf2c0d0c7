package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuestionExportTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");
    private static final String RANGE = ",'range':{'start_time':'2025-01-01','end_time':'2025-06-01'}}";

    private final ExportFixture fixture = new ExportFixture();
    private final TenantId tenant = QueryFixture.newTenant();

    @Test
    void aTableHasTheRowsOfAllPages() {
        List<StoredEvent> events = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            events.addAll(new RandomEvents(tenant, AROUND, 20 + part).take(1_000));
        }
        fixture.queries.insert(events);
        String table = "{'type':'table','measures':[{'name':'n','measure':'events'},{'name':'u','measure':'users'},"
                + "{'name':'per','formula':'n / u'}],'breakdowns':['user.mixed','page_path','country'],'limit':1000"
                + RANGE;
        JsonNode page = fixture.queries.ask(tenant, table).toJson();
        int total = page.get("total_rows").asInt();
        assertThat(total).isGreaterThan(1_000);
        ExportFixture.Sent sent = fixture.question(tenant, Map.of("format", "csv", "formulas", "keep"), table);
        List<List<String>> rows = ExportFixture.csv(sent.text());
        assertThat(sent.trailers()).containsEntry("Export-Rows", Integer.toString(total));
        assertThat(rows.getFirst()).containsExactly("user.mixed", "page_path", "country", "n", "u", "per");
        assertThat(rows).hasSize(total + 1);
        for (int row = 0; row < page.get("rows").size(); row++) {
            List<String> expected = new ArrayList<>();
            page.get("rows").get(row).forEach(cell -> expected.add(cell.isNull() ? "" : cell.asText()));
            assertThat(rows.get(row + 1)).isEqualTo(expected);
        }
        List<JsonNode> columnar = ExportFixture.parquet(
                fixture.question(tenant, Map.of("format", "parquet"), table).bytes(), "sum(n) AS n, count() AS rows");
        assertThat(columnar.getFirst().get("rows").asInt()).isEqualTo(total);
        assertThat(columnar.getFirst().get("n").asInt())
                .isEqualTo(page.get("totals").get(0).asInt());
    }

    @Test
    void aTrendHasARowForEachPointInEveryFormat() {
        fixture.queries.insert(new RandomEvents(tenant, AROUND, 30).take(400));
        String trend = "{'type':'trend','interval':'week','measures':[{'name':'n','measure':'events'},"
                + "{'name':'a','measure':'avg','property':'properties.amount'}],'breakdown':{'property':'country','limit':2},"
                + "'compare':'previous_period'" + RANGE;
        JsonNode answer = fixture.queries.ask(tenant, trend).toJson();
        List<List<Object>> expected = new ArrayList<>();
        for (JsonNode line : answer.get("lines")) {
            for (JsonNode point : line.get("points")) {
                expected.add(Arrays.asList(
                        point.get("time").asText(),
                        line.get("measure").asText(),
                        line.get("breakdown").asText(),
                        line.get("compare").asBoolean(),
                        point.get("value").isNull() ? null : point.get("value").doubleValue()));
            }
        }
        assertThat(expected).hasSizeGreaterThan(100);
        List<JsonNode> lines =
                fixture.question(tenant, Map.of("format", "json"), trend).lines();
        List<JsonNode> columnar = ExportFixture.parquet(
                fixture.question(tenant, Map.of("format", "parquet"), trend).bytes(), "*");
        assertThat(rows(lines)).isEqualTo(expected);
        assertThat(rows(columnar)).isEqualTo(expected);
        assertThat(ExportFixture.csv(fixture.question(tenant, Map.of(), trend).text()))
                .hasSize(expected.size() + 1);
    }

    @Test
    void aQuestionThatIsWrongIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> fixture.question(tenant, Map.of(), "{'type':'table'}"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("measures"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "metric|{'values':[{'measure':'n','value':5,'previous':null,'change':0.5}]}|n,,5,,0.5,",
                "funnel|{'steps':[{'step':1,'name':'a','count':9,'from_first':1,'from_previous':1,'dropped':4,'seconds':null}],'groups':[{'value':'DE','steps':[{'step':1,'name':'a','count':2,'seconds':{'median':1.5,'avg':2,'p90':3}}]}],'over_time':[{'time':'t','partial':true,'counts':[7]}]}|,,1,a,9,1,1,4,,,,;DE,,1,a,2,,,,1.5,2,3,;,t,1,a,7,,,,,,,true",
                "retention|{'cohorts':[{'time':'t1','size':10,'cells':[{'period':0,'returned':10,'rate':1},{'period':1,'returned':4,'rate':0.4,'partial':true}]}],'groups':[{'value':'pro','cohorts':[{'time':'t1','size':3,'cells':[{'period':0,'returned':3,'rate':1}]}]}]}|,t1,10,0,10,1,false;,t1,10,1,4,0.4,true;pro,t1,3,0,3,1,false",
                "cohort|{'rows':[{'name':'buyers','size':3,'cells':[{'period':0,'time':'t0','value':2}]},{'time':'t1','size':4,'cells':[{'period':1,'value':null}]}]}|buyers,t0,3,0,2,false;,t1,4,1,,false",
                "stickiness|{'distribution':[{'active':1,'users':8,'share':0.8,'at_least':10}]}|1,8,0.8,10",
                "paths|{'paths':[{'events':['a','b > c'],'count':3,'share':0.25}]}|`[\"a\",\"b > c\"],3,0.25`",
                "table|{'columns':[{'name':'country','kind':'breakdown'},{'name':'n','kind':'measure'}],'rows':[['$none',4]]}|$none,4"
            })
    void everyAnalysisHasFlatRows(String type, String data, String expected) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FlatRows.of(type, (ObjectNode) QueryFixture.json(data)).writeTo(new CsvRows(bytes, false));
        List<List<String>> rows = ExportFixture.csv(bytes.toString(StandardCharsets.UTF_8));
        List<String> texts = rows.subList(1, rows.size()).stream()
                .map(row -> String.join(",", row))
                .toList();
        assertThat(String.join(";", texts)).isEqualTo(expected);
        assertThat(rows).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.getFirst()));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ParquetRows writer = new ParquetRows(file);
        FlatRows.of(type, (ObjectNode) QueryFixture.json(data)).writeTo(writer);
        writer.finish();
        assertThat(ExportFixture.parquet(file.toByteArray(), "*")).hasSize(texts.size());
    }

    @Test
    void parquetKeepsNullsTextsAndManyRowGroups() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ParquetRows writer = new ParquetRows(file);
        writer.columns(List.of(
                new RowWriter.Column("text", RowWriter.Kind.TEXT),
                new RowWriter.Column("number", RowWriter.Kind.NUMBER),
                new RowWriter.Column("flag", RowWriter.Kind.FLAG)));
        int count = 45_001;
        for (int row = 0; row < count; row++) {
            writer.row(Arrays.asList(
                    row % 3 == 0 ? null : "größe\n\0 " + row,
                    row % 5 == 0 ? null : row / 2.0,
                    row % 7 == 0 ? null : row % 2 == 0));
        }
        writer.finish();
        JsonNode sums = ExportFixture.parquet(
                        file.toByteArray(),
                        "count() AS rows, countIf(text IS NULL) AS no_text, sum(number) AS numbers, countIf(flag) AS flags,"
                                + " countIf(flag IS NULL) AS no_flag, countIf(startsWith(text, 'größe\\n\\0 ')) AS texts")
                .getFirst();
        long numbers = 0;
        long flags = 0;
        for (int row = 0; row < count; row++) {
            numbers += row % 5 == 0 ? 0 : row;
            flags += row % 7 != 0 && row % 2 == 0 ? 1 : 0;
        }
        assertThat(sums.get("rows").asInt()).isEqualTo(count);
        assertThat(sums.get("no_text").asInt()).isEqualTo((count + 2) / 3);
        assertThat(sums.get("texts").asInt()).isEqualTo(count - (count + 2) / 3);
        assertThat(sums.get("numbers").doubleValue()).isEqualTo(numbers / 2.0);
        assertThat(sums.get("flags").asLong()).isEqualTo(flags);
        assertThat(sums.get("no_flag").asInt()).isEqualTo((count + 6) / 7);
    }

    private static List<List<Object>> rows(List<JsonNode> lines) {
        List<List<Object>> rows = new ArrayList<>();
        for (JsonNode line : lines) {
            rows.add(Arrays.asList(
                    line.get("time").asText(),
                    line.get("measure").asText(),
                    line.get("breakdown").asText(),
                    line.get("compare").asBoolean(),
                    line.get("value").isNull() ? null : line.get("value").doubleValue()));
        }
        return rows;
    }
}
