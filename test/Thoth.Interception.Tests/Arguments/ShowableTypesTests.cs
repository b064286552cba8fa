using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>Types that can never be shown are refused when their interface is governed, all at once.</summary>
public class ShowableTypesTests
{
    public interface IUnshowableTools
    {
        void Append(int id, StringBuilder text);

        Task SendAsync(Letter letter, CancellationToken token);

        void Plot(List<double[,]> grids);

        string Fine(Envelope envelope, IReadOnlyList<Open> open, Stream content, object anything, Recursive recursive);
    }

    public interface IConvertedTools
    {
        void Append(StringBuilder text);
    }

    [Test]
    public void AddGovernedTools_TypesThatCanNeverBeShown_NamesEachWithItsPathTypeAndWayOut()
    {
        var services = new ServiceCollection().AddSingleton<IUnshowableTools>(_ => null!);

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddGovernedTools<IUnshowableTools>());

        var lines = exception!.Message.Split(Environment.NewLine);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(4));
            Line(0, ".Append'", "'text' of type 'System.Text.StringBuilder'", "JsonConverter");
            Line(1, ".SendAsync'", "'letter.Pages[].Handle' of type 'System.IntPtr'", "[JsonIgnore]");
            Line(2, ".SendAsync'", "'letter.Seal' of type 'Thoth.Interception.Tests.Arguments.ShowableTypesTests+Secret'", "public members");
            Line(3, ".Plot'", "'grids[]' of type 'System.Double[,]'", "another type");
        }

        void Line(int index, params string[] parts)
        {
            foreach (var part in parts)
            {
                Assert.That(lines[index], Does.Contain(part));
            }
        }
    }

    [Test]
    public void AddGovernedTools_TypeWithAConverter_IsGoverned()
    {
        var services = new ServiceCollection().AddSingleton<IConvertedTools>(_ => null!);

        Assert.That(() => services.AddGovernedTools<IConvertedTools>(options => options.Converters.Add(new TextConverter())), Throws.Nothing);
    }

    public sealed class Letter
    {
        public List<Page> Pages { get; set; } = [];

        public Secret? Seal { get; set; }
    }

    public sealed class Page
    {
        public nint Handle { get; set; }
    }

    public sealed class Secret(string text)
    {
        public override string ToString() => text;
    }

    public class Open(string text)
    {
        public override string ToString() => text;
    }

    public sealed record Envelope(Guid Id, Dictionary<string, decimal?> Prices, (int, string) Pair, DayOfWeek Day);

    public sealed class Recursive
    {
        public Recursive? Next { get; set; }
    }

    private sealed class TextConverter : JsonConverter<StringBuilder>
    {
        public override StringBuilder Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString());

        public override void Write(Utf8JsonWriter writer, StringBuilder value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");
    }
}
