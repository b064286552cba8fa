using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Tests;

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
}
