using System.Text.Json;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Faults;

/// <summary>Any argument graph that System.Text.Json can write: what the server received is what the tool got (contract §1.2.1).</summary>
public class FaultArgumentProperties
{
    // Not the library's own options: what it sends is compared with what the serializer makes of the same object by itself.
    private static readonly JsonSerializerOptions s_plain = new() { Converters = { new JsonStringEnumConverter() } };

    private static readonly Gen<object?> s_leaf = Gen.OneOf(
        Of<int>(), Of<long>(), Of<byte>(), Of<decimal>(), Of<bool>(), Of<char>().Where(c => !char.IsSurrogate((char)c!)), Of<Guid>(), Of<DateTime>(), Of<DateTimeOffset>(),
        Of<TimeSpan>(), Of<DayOfWeek>(), Of<byte[]>(), Of<int?>(), Of<List<int>>(), Of<Dictionary<string, int>>(),
        Of<double>().Where(number => double.IsFinite((double)number!)),
        Of<string>().Where(text => text is not string known || !known.Any(char.IsSurrogate)),
        Gen.Elements<object?>("😀", "\0", "</script>", "\u2028", "Ä\u0308", new Version(1, 2), new Uri("https://a.example/ä?b=c#d"), new DateOnly(2024, 2, 29), new TimeOnly(1, 2)));

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property AnyGraph_ServerAndTool_SeeTheSame() => Prop.ForAll(Arb.From(Gen.Sized(size => Graph(Math.Min(size, 20)))), Check);

    private static void Check(object? graph)
    {
        var fault = new Fault("any graph", FaultOutcome.Runs) { Payload = () => new("original", graph) };
        var (result, body, got) = SynchronousWait.For(
            static async ValueTask<(FaultResult, string, object?)> (fault) =>
            {
                await using var host = new FaultHost(fault, EnforcementMode.Block, failOpen: true);
                return (await host.CallAsync("task_of_text"), host.Server.LastBody, host.Got);
            },
            fault);

        Assert.That(result.Wrong(fault, EnforcementMode.Block, failOpen: true, "task_of_text"), Is.Null);
        var received = JsonDocument.Parse(body).RootElement.GetProperty("tool_args").GetProperty("payload").GetProperty("Extra");
        var written = JsonSerializer.SerializeToElement(got, s_plain);
        Assert.That(JsonElement.DeepEquals(received, written), Is.True, $"received {received}, the tool got {written}");
        Assert.That(got, Is.SameAs(graph));
    }

    private static Gen<object?> Graph(int size) => size < 2 ? s_leaf : Gen.OneOf(
        s_leaf,
        Few(Graph(size / 3)).Select(items => (object?)items.ToArray()),
        Few(Graph(size / 3)).Select(items => (object?)items),
        Few(Graph(size / 3)).Select(items => (object?)items.Select((item, i) => (item, i)).ToDictionary(pair => $"k{pair.i}", pair => pair.item)),
        from first in Graph(size / 3)
        from second in Graph(size / 3)
        select (object?)new { First = first, Second = second, Text = "text" });

    private static Gen<object?> Of<T>() => ArbMap.Default.GeneratorFor<T>().Select(value => (object?)value);

    private static Gen<List<T>> Few<T>(Gen<T> items) => Gen.Choose(0, 4).SelectMany(count => items.ListOf(count)).Select(list => list.ToList());
}
