using Thoth.Interception.Invocation;

namespace Thoth.Interception.Tests.Invocation;

public class ToolNameBuilderTests
{
    private const string Alphabet = "abzABZ019__IIAsyncé\u00DFÄÿþ漢字注ΩωЖ\u0301\u200D -.<>`'\U0001D4B3";

    public interface IDocumentTools;

    public interface IOTools;

    public interface Item;

    public interface I;

    public interface I2Tools;

    public interface IÄrzte;

    public interface I注文;

    public interface Iterate_All;

    public interface IRepository<T>;

    public interface IMap<TKey, TValue>;

    public class Order;

    [TestCase("SearchDocsAsync", "search_docs")]
    [TestCase("SearchDocs", "search_docs")]
    [TestCase("ReadPDFFile", "read_pdf_file")]
    [TestCase("ReadPDF", "read_pdf")]
    [TestCase("getX", "get_x")]
    [TestCase("GetXAsync", "get_x")]
    [TestCase("Async", "async")]
    [TestCase("AsyncAsync", "async")]
    [TestCase("Asynchronous", "asynchronous")]
    [TestCase("Runasync", "runasync")]
    [TestCase("A", "a")]
    [TestCase("AB", "ab")]
    [TestCase("ABc", "a_bc")]
    [TestCase("HTTPGet", "http_get")]
    [TestCase("GetHTTP2Stream", "get_http2_stream")]
    [TestCase("Get2Docs", "get2_docs")]
    [TestCase("GetV2", "get_v2")]
    [TestCase("Read_Docs", "read_docs")]
    [TestCase("read_docs", "read_docs")]
    [TestCase("_Read", "_read")]
    [TestCase("Read__Docs_", "read__docs_")]
    [TestCase("HTTPClient", "http_client")]
    [TestCase("search docs", "search_docs")]
    [TestCase("Files.Read", "files_read")]
    [TestCase("search-docs", "search-docs")]
    [TestCase("_", "_")]
    public void Build_Method_IsInSnakeCaseWithoutAsync(string method, string tool) =>
        Assert.That(ToolNameBuilder.Build(typeof(IDocumentTools), method, ToolNaming.Method), Is.EqualTo(tool));

    [TestCase("ÄndereÖl", "andere_ol")]
    [TestCase("ÉcrireÀÇa", "ecrire_a_ca")]
    [TestCase("GroßeÆsche", "grosse_aesche")]
    [TestCase("ÿÞing", "y_thing")]
    [TestCase("漢字", "u6f22u5b57")]
    [TestCase("Get漢字List", "get_u6f22u5b57_list")]
    [TestCase("Get_注Async", "get_u6ce8")]
    [TestCase("e\u0301tat", "e_u0301_tat")]
    [TestCase("Set\U0001D4B3", "set_u1d4b3")]
    [TestCase("Жук", "u0416u0443u043a")]
    public void Build_MethodOutsideOfAscii_IsAscii(string method, string tool) =>
        Assert.That(ToolNameBuilder.Build(typeof(IDocumentTools), method, ToolNaming.Method), Is.EqualTo(tool));

    [TestCase(typeof(IDocumentTools), "document_tools__run")]
    [TestCase(typeof(IOTools), "o_tools__run")]
    [TestCase(typeof(Item), "item__run")]
    [TestCase(typeof(I), "i__run")]
    [TestCase(typeof(I2Tools), "i2_tools__run")]
    [TestCase(typeof(IÄrzte), "arzte__run")]
    [TestCase(typeof(I注文), "u6ce8u6587__run")]
    [TestCase(typeof(Iterate_All), "iterate_all__run")]
    [TestCase(typeof(Outer<int>.IInner), "inner_of_int32__run")]
    [TestCase(typeof(IRepository<Order>), "repository_of_order__run")]
    [TestCase(typeof(IRepository<IDocumentTools>), "repository_of_i_document_tools__run")]
    [TestCase(typeof(IRepository<int?>), "repository_of_nullable_of_int32__run")]
    [TestCase(typeof(IRepository<List<Order>>), "repository_of_list_of_order__run")]
    [TestCase(typeof(IRepository<Order[]>), "repository_of_order_array__run")]
    [TestCase(typeof(IRepository<int[,][]>), "repository_of_int32_array_array2__run")]
    [TestCase(typeof(IMap<string, Order>), "map_of_string_and_order__run")]
    public void Build_InterfaceAndMethod_BeginsWithTheInterface(Type tools, string tool) =>
        Assert.That(ToolNameBuilder.Build(tools, "RunAsync", ToolNaming.InterfaceAndMethod), Is.EqualTo(tool));

    [Test]
    public void Build_NameOf64Characters_IsKept() =>
        Assert.That(ToolNameBuilder.Build(typeof(Item), new string('a', 58), ToolNaming.InterfaceAndMethod), Is.EqualTo($"item__{new string('a', 58)}"));

    [Test]
    public void Build_LongerName_IsCutAndEndsWithItsHash()
    {
        // printf 'a%.0s' $(seq 65) | sha256sum
        Assert.That(ToolNameBuilder.Build(typeof(Item), new string('a', 65), ToolNaming.Method), Is.EqualTo($"{new string('a', 55)}_635361c4"));
    }

    [Test]
    public void Build_LongNamesThatDifferAtTheEnd_StayDifferent()
    {
        var common = new string('a', 60);

        var names = Enumerable.Range(0, 1_000).Select(n => ToolNameBuilder.Build(typeof(Item), $"{common}_{n:0000}", ToolNaming.Method)).ToArray();

        Assert.That(names, Is.Unique.And.All.Match("^a{55}_[0-9a-f]{8}$"));
    }

    [Test]
    public void Build_AnyIdentifier_IsAcceptedByModelsAndAlwaysTheSame()
    {
        var random = new Random(20_26);
        var runes = Alphabet.EnumerateRunes().ToArray();
        for (var n = 0; n < 20_000; n++)
        {
            var identifier = string.Concat(Enumerable.Range(0, random.Next(1, 90)).Select(_ => runes[random.Next(runes.Length)]));
            var naming = (ToolNaming)random.Next(2);
            var name = ToolNameBuilder.Build(typeof(IMap<string, Order[]>), identifier, naming);

            Assert.That(name, Does.Match("^[A-Za-z0-9_-]{1,64}$"), identifier);
            Assert.That(ToolNameBuilder.ObstacleIn(name), Is.Null, identifier);
            Assert.That(ToolNameBuilder.Build(typeof(IMap<string, Order[]>), identifier, naming), Is.EqualTo(name), identifier);
        }
    }

    [Test]
    public void Build_AnyText_IsAcceptedByModels()
    {
        var random = new Random(7);
        for (var n = 0; n < 20_000; n++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(char.MaxValue + 1))]);

            Assert.That(ToolNameBuilder.Build(typeof(I), text, ToolNaming.Method), Does.Match("^[A-Za-z0-9_-]{1,64}$"));
        }
    }

    public static class Outer<T>
    {
        public interface IInner;
    }
}
