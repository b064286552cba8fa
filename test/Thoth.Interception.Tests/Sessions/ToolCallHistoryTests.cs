using System.Text;
using System.Text.Json;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Tests.Sessions;

/// <summary>Views of a session's history while it goes on: they share memory, and none of them changes.</summary>
public class ToolCallHistoryTests
{
    [Test]
    public void Views_OfNamesOfAnyLength_StayAsTheyWere()
    {
        var random = new Random(7);
        var recorder = new ToolCallHistory.Recorder();
        var (views, all) = (new List<(IReadOnlyList<string> View, string[] Expected)>(), new List<string>());
        for (var i = 0; i < 900; i++)
        {
            // Now and then one that is longer than all that the log has room for.
            var name = $"tool \"{i}\" ü€😀 " + new string('x', i % 97 == 0 ? 20_000 : random.Next(200));
            recorder.Add(new EncodedToolName(name));
            all.Add(name);
            views.Add((recorder.View(), [.. all.TakeLast(128)]));
            views.Add((recorder.ViewWith(new EncodedToolName("now")), [.. all.TakeLast(127), "now"]));
        }

        foreach (var (view, expected) in views)
        {
            Assert.That(view.Count, Is.EqualTo(expected.Length));
            Assert.That(view.SequenceEqual(expected), Is.True);
            Assert.That(JsonOf(view), Is.EqualTo(JsonSerializer.Serialize(expected)));
        }
    }

    [Test]
    public void EmptyHistory_IsAnEmptyList()
    {
        var recorder = new ToolCallHistory.Recorder();

        Assert.That((JsonOf(recorder.View()), JsonOf(recorder.ViewWith(new EncodedToolName("a")))), Is.EqualTo(("[]", """["a"]""")));
        Assert.That(() => recorder.View()[0], Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Views_AreReadWhileOthersAreRecorded()
    {
        var (gate, recorder) = (new Lock(), new ToolCallHistory.Recorder());
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                ToolCallHistory view;
                int recorded;
                lock (gate)
                {
                    recorder.Add(new EncodedToolName($"tool{next++}"));
                    (view, recorded) = (recorder.ViewWith(new EncodedToolName("now")), next);
                }

                var count = Math.Min(recorded, 127);
                var expected = Enumerable.Range(recorded - count, count).Select(n => $"tool{n}").Append("now");
                if (JsonOf(view) != JsonSerializer.Serialize(expected))
                {
                    throw new InvalidOperationException($"The view after {recorded} calls is another one.");
                }
            }
        })));
    }

    private static string JsonOf(IReadOnlyList<string> names)
    {
        var json = new PooledJsonWriter();
        ToolCallHistory.Write(json, names);

        // The history's own JSON and the serializer's escape the same.
        return Encoding.UTF8.GetString(json.Written.Span);
    }
}
