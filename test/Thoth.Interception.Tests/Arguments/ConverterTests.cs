using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class ConverterTests
{
    public interface IHeatingTools
    {
        Temperature Set(Temperature value);
    }

    [Test]
    public async Task Converter_OfAWrappedTool_WritesAndBindsItsType()
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"value":"18 C"}""");
        var tool = host.Wrap((Temperature value) => value, new() { Converters = { new TemperatureConverter() } });

        Assert.That(tool(new(21)).Degrees, Is.EqualTo(18));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":"21 C"}"""));
    }

    [Test]
    public async Task Converter_OfAnInterface_WritesAndBindsItsType([Values] ArgumentIsolation isolation)
    {
        await using var host = GovernedHost.For<IHeatingTools>(new Heating(), govern: options =>
        {
            options.Converters.Add(new TemperatureConverter());
            options.Arguments = isolation;
        });

        Assert.That(host.Get<IHeatingTools>().Set(new(21)).Degrees, Is.EqualTo(21));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":"21 C"}"""));

        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"value":"18 C"}""");
        Assert.That(host.Get<IHeatingTools>().Set(new(21)).Degrees, Is.EqualTo(18));
    }

    [Test]
    public async Task Converter_OfACommonType_IsAskedToo()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((bool on) => on, new() { Converters = { new YesNoConverter() } });

        Assert.That(tool(true), Is.True);
        Assert.That(host.LastArguments, Is.EqualTo("""{"on":"yes"}"""));
    }

    [Test]
    public async Task Converter_OfParams_IsNotAskedForWhatIsLeftOut()
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"id":1}""");
        var tool = host.Wrap((int id, params string[] tags) => tags, new() { Converters = { new CommaConverter() } });

        Assert.That(tool(9, "a", "b"), Is.Empty);
        Assert.That(host.LastArguments, Is.EqualTo("""{"id":9,"tags":"a,b"}"""));
    }

    [Test]
    public async Task Converter_OfSomethingThatRuns_LeavesAParameterItsPlaceholder()
    {
        // What is shown must be what a decision can hand back, and none can bring a stream.
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((Stream content) => content, new() { Converters = { new StreamConverter() } });

        Assert.That(tool(Stream.Null), Is.SameAs(Stream.Null));
        Assert.That(host.LastArguments, Is.EqualTo("""{"content":{"$opaque":"System.IO.Stream"}}"""));
    }

    public sealed class Temperature(int degrees)
    {
        internal int Degrees { get; } = degrees;
    }

    private sealed class Heating : IHeatingTools
    {
        public Temperature Set(Temperature value) => value;
    }

    private sealed class TemperatureConverter : JsonConverter<Temperature>
    {
        public override Temperature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(int.Parse(reader.GetString()!.Split(' ')[0], CultureInfo.InvariantCulture));

        public override void Write(Utf8JsonWriter writer, Temperature value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Degrees} C"));
    }

    private sealed class YesNoConverter : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() == "yes";

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteStringValue(value ? "yes" : "no");
    }

    private sealed class CommaConverter : JsonConverter<string[]>
    {
        public override string[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()!.Split(',');

        public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Join(',', value));
    }

    private sealed class StreamConverter : JsonConverter<Stream>
    {
        public override Stream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Stream.Null;

        public override void Write(Utf8JsonWriter writer, Stream value, JsonSerializerOptions options) => writer.WriteStringValue("a stream");
    }
}
