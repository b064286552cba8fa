using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Serialization;

public class PooledJsonWriterTests
{
    [Test]
    public void Pieces_AreWrittenOneBehindTheOther()
    {
        var json = new PooledJsonWriter();
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(6);

        json.Raw("{\"id\":\""u8);
        json.Uuid(Guid.Parse("0b5a6f2e-7c0f-4c56-9a53-3f7f3f6f0a11"));
        json.Raw("\",\"at\":\""u8);
        json.Time(time);
        json.Raw("\",\"count\":"u8);
        json.Number(long.MinValue);
        json.Raw(",\"text\":"u8);
        json.Text("a \"b\" <c> ä \ud800");
        json.Raw("}"u8);

        Assert.That(Text(json), Is.EqualTo(
            "{\"id\":\"0b5a6f2e-7c0f-4c56-9a53-3f7f3f6f0a11\",\"at\":\"2026-01-02T01:04:05.0000006Z\",\"count\":-9223372036854775808,"
            + "\"text\":" + JsonSerializer.Serialize("a \"b\" <c> ä \ud800") + "}"));
    }

    [Test]
    public void Members_HaveACommaBeforeEach_OrLeaveNothing()
    {
        var json = new PooledJsonWriter();

        json.Raw("{\"a\":1"u8);
        json.Members(0, static (_, _) => { });
        json.Members(2, static (writer, value) =>
        {
            writer.WriteNumber("b", value);
            writer.WriteStartObject("c");
            writer.WriteEndObject();
            writer.WriteStartArray("d");
            writer.WriteStringValue("e");
            writer.WriteEndArray();
        });
        json.Members(0, static (_, _) => { });
        json.Members("g", static (writer, value) => writer.WriteString("f", value));
        json.Raw("}"u8);

        Assert.That(Text(json), Is.EqualTo("""{"a":1,"b":2,"c":{},"d":["e"],"f":"g"}"""));
    }

    [Test]
    public void Members_ThatFailHalfWay_AreTakenBackWithTheLength()
    {
        var json = new PooledJsonWriter();
        json.Raw("{\"a\":1"u8);
        var length = json.Length;

        Assert.That(
            () => json.Members(0, static (writer, _) =>
            {
                writer.WriteNumber("b", 2);
                writer.WriteStartObject("c");
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);
        json.Length = length;
        json.Members(0, static (writer, _) => writer.WriteNumber("d", 3));
        json.Raw("}"u8);

        Assert.That(Text(json), Is.EqualTo("""{"a":1,"d":3}"""));
    }

    [TestCase(0, "0")]
    [TestCase(1.5, "1.5")]
    [TestCase(-0.0001, "-0.0001")]
    [TestCase(12.3405, "12.3405")]
    [TestCase(-7, "-7")]
    [TestCase(0.1 + 0.2, "0.30000000000000004")]
    [TestCase(1e300, "1E+300")]
    [TestCase(5e-324, "5E-324")]
    public void Number_IsTheShortestTextOfTheSameNumber(double number, string text)
    {
        var json = new PooledJsonWriter();

        json.Number(number);

        Assert.That(Text(json), Is.EqualTo(text));
    }

    [Test]
    public void Number_IsReadAsTheSameNumber()
    {
        Prop.ForAll<NormalFloat>(number => Same(number.Get)).QuickCheckThrowOnFailure();
        Prop.ForAll<long>(ticks => Same(new TimeSpan(ticks).TotalMilliseconds)).QuickCheckThrowOnFailure();
        Prop.ForAll<int>(number => Same(number / 1_000.0)).QuickCheckThrowOnFailure();

        static bool Same(double number)
        {
            var json = new PooledJsonWriter();
            json.Number(number);
            return JsonDocument.Parse(json.Written).RootElement.GetDouble().Equals(number + 0.0);
        }
    }

    [Test]
    public void Text_IsEscapedAsTheSerializerDoes()
    {
        Prop.ForAll<string>(text =>
        {
            var json = new PooledJsonWriter();
            json.Text(text ?? "");
            return Text(json) == JsonSerializer.Serialize(text ?? "");
        }).QuickCheckThrowOnFailure();

        foreach (var character in Enumerable.Range(0, 256).Select(code => (char)code))
        {
            var json = new PooledJsonWriter();
            json.Text($"a{character}b");
            Assert.That(Text(json), Is.EqualTo(JsonSerializer.Serialize($"a{character}b")));
        }
    }

    [Test]
    public void Memory_GrowsWithWhatIsWritten_AndIsGivenAwayWithIt()
    {
        var json = new PooledJsonWriter();
        var piece = Encoding.UTF8.GetBytes(new string('x', 1_000));
        for (var i = 0; i < 100; i++)
        {
            json.Raw(piece);
        }

        var written = Text(json);
        var length = json.Length;
        var taken = json.Take();
        json.Raw("[]"u8);

        Assert.That(written, Is.EqualTo(new string('x', 100_000)));
        Assert.That(Encoding.UTF8.GetString(taken.AsSpan(0, length)), Is.EqualTo(written));
        Assert.That(Text(json), Is.EqualTo("[]"));
    }

    private static string Text(PooledJsonWriter json) => Encoding.UTF8.GetString(json.Written.Span);
}
