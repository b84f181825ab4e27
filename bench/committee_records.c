/* committee_records.c - records of many joint committees, made up for measuring: the same every time.
 *
 * usage: committee_records MECHANISMS SESSIONS COMMITMENTS > FILE.jsonl. Sessions and commitments are shared out among
 * the mechanisms; of what was said at the last three sessions of each most is open, of what was said before one in
 * twenty-five; every seventh commitment is told differently by the two sides. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAST_YEAR = 2026, ORGANIZATIONS = 400, NOW_MONTH = 11 };

static uint64_t state = 20261122;

static unsigned draw(unsigned below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % below;
}

static const char *const partner[] = {"RU", "LA", "KR", "DE", "BY",
                                      "CU", "JP", "MN", "RO", "BE"};
static const char *const vi[] = {
    "trao đổi chuyên gia",      "xây dựng phòng thí nghiệm chung",
    "cấp học bổng sau đại học", "chuyển giao công nghệ vật liệu mới",
    "khảo sát tài nguyên biển", "công nhận tiêu chuẩn đo lường",
    "đào tạo kỹ sư vận hành",   "thử nghiệm vắc-xin"};
static const char *const ru[] = {"обмен специалистами",
                                 "создание совместной лаборатории",
                                 "стипендии для аспирантов",
                                 "передача технологий новых материалов",
                                 "исследование морских ресурсов",
                                 "признание измерений и стандартов",
                                 "подготовка инженеров эксплуатации",
                                 "испытания вакцин"};
static const char *const en[] = {"exchange of experts",
                                 "a joint laboratory",
                                 "scholarships for graduate study",
                                 "transfer of new materials technology",
                                 "survey of marine resources",
                                 "recognition of measurements and standards",
                                 "training of operating engineers",
                                 "trials of vaccines"};
static const char *const force[] = {"requested",    "stated_intention", "consented_to_consider",
                                    "would_direct", "agreed",           "agreed",
                                    "directed"};

static void organizations(void)
{
    for (unsigned i = 0; i < ORGANIZATIONS; i++)
        printf("{\"kind\":\"organization\",\"external_id\":\"b-org-%u\",\"country\":\"%s\","
               "\"example\":true,"
               "\"name\":{\"en\":[\"Bureau number %u\"],\"ru\":[\"Ведомство № "
               "%u\"],\"vi\":[\"Cơ quan số %u\"]}}\n",
               i, i % 2 == 0 ? "VN" : partner[i / 2 % 10], i, i, i);
}

static void mechanisms(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const char *with = partner[i % 10];
        printf("{\"kind\":\"mechanism\",\"external_id\":\"b-mech-%u\",\"example\":true,"
               "\"mechanism_kind\":\"%s\","
               "\"countries\":[\"VN\",\"%s\"],\"interval\":12,\"rotation\":\"alternate\","
               "\"status\":\"active\","
               "\"title\":{\"vi\":\"Ủy ban hợp tác số %u\",\"ru\":\"Совместный комитет № "
               "%u\",\"en\":\"Joint committee %u\"}}\n",
               i, i % 3 == 0 ? "intergovernmental_commission" : "joint_committee", with, i, i,
               i);
        printf("{\"kind\":\"agreement\",\"external_id\":\"b-agr-%u\",\"example\":true,"
               "\"agreement_kind\":\"agreement\","
               "\"countries\":[\"VN\",\"%s\"],\"signed\":\"%u-05-11\",\"expires\":\"%u-05-10\","
               "\"status\":\"in_force\",\"mechanism\":\"b-mech-%u\","
               "\"title\":{\"vi\":\"Hiệp định hợp tác số %u\",\"ru\":\"Соглашение о "
               "сотрудничестве № %u\",\"en\":\"Agreement on cooperation %u\"}}\n",
               i, with, 1990 + i % 30, LAST_YEAR + i % 6, i, i, i, i);
    }
}

static void session(unsigned i, unsigned mechanisms, unsigned sessions)
{
    unsigned m = i % mechanisms, number = i / mechanisms + 1,
             all = (sessions + mechanisms - 1) / mechanisms;
    unsigned year = LAST_YEAR - (all - number);
    printf("{\"kind\":\"session\",\"external_id\":\"b-ses-%u\",\"example\":true,\"mechanism\":"
           "\"b-mech-%u\",\"number\":%u,"
           "\"held_on\":\"%u-%02u-%02u\",\"host\":\"%s\",\"status\":\"held\",\"countries\":["
           "\"VN\",\"%s\"],"
           "\"title\":{\"vi\":\"Kỳ họp thứ %u\",\"ru\":\"%u-е заседание\",\"en\":\"Session "
           "%u\"}}\n",
           i, m, number, year, 1 + m % 10, 1 + i % 28, number % 2 == 0 ? "VN" : partner[m % 10],
           partner[m % 10], number, number, number);
}

static void statuses(const char *with, unsigned year, bool open, unsigned i)
{
    const char *word =
        open ? (i % 3 == 0 ? "under_way" : "open") : (i % 16 == 0 ? "dropped" : "done");
    printf(",\"statuses\":[{\"side\":\"VN\",\"status\":\"under_way\",\"date\":\"%u-06-0%u\","
           "\"note\":{\"vi\":\"Đang thực hiện.\"}}",
           year, 1 + i % 9);
    printf(",{\"side\":\"VN\",\"status\":\"%s\",\"date\":\"%u-09\",\"who\":\"Secretariat\"}",
           word, year);
    printf(",{\"side\":\"%s\",\"status\":\"%s\",\"date\":\"%u-10-12\"}]", with,
           i % 7 == 0 && open ? "done" : word, year);
}

static void commitment(unsigned i, unsigned mechanisms, unsigned sessions, unsigned commitments)
{
    unsigned s = (unsigned)((uint64_t)i * sessions / commitments), m = s % mechanisms;
    unsigned number = s / mechanisms + 1, all = (sessions + mechanisms - 1) / mechanisms;
    unsigned year = LAST_YEAR - (all - number), t = draw(8);
    const char *with = partner[m % 10];
    bool open = number + 3 > all ? draw(4) != 0 : draw(25) == 0;
    printf("{\"kind\":\"commitment\",\"external_id\":\"b-com-%u\",\"example\":true,\"session\":"
           "\"b-ses-%u\",\"mechanism\":\"b-mech-%u\","
           "\"countries\":[\"VN\",\"%s\"],\"side\":[\"%s\"],\"force\":\"%s\",\"said_on\":\"%u-%"
           "02u\",\"due\":\"%u-%02u\","
           "\"paragraph\":\"%u.%u\",\"owner\":\"b-org-%u\",",
           i, s, m, with, i % 3 == 0 ? "VN" : with, force[draw(7)], year, 1 + m % 10,
           year + 1 + draw(2), 1 + draw(12), 1 + i % 5, 1 + i % 9, draw(ORGANIZATIONS));
    printf("\"title\":{\"vi\":\"Hai bên %s (%u)\",\"ru\":\"Стороны: %s (%u)\",\"en\":\"The "
           "sides: %s (%u)\"},",
           vi[t], i, ru[t], i, en[t], i);
    printf("\"statement\":{\"vi\":\"Hai bên nhất trí phối hợp chặt chẽ trong việc %s, giao các "
           "cơ quan đầu mối xây dựng kế hoạch và báo cáo tại kỳ họp tới.\","
           "\"ru\":\"Стороны договорились тесно взаимодействовать по вопросу: %s, поручить "
           "ответственным ведомствам подготовить план и доложить на следующем заседании.\"}",
           vi[t], ru[t]);
    if (number < all || i % 2 == 0)
        statuses(with, year + (number < all ? 1 : 0), open, i);
    printf("}\n");
}

int main(int argc, char **argv)
{
    unsigned n[3] = {0};
    for (int i = 0; i < 3 && argc == 4; i++)
        n[i] = (unsigned)strtoul(argv[i + 1], NULL, 10);
    if (n[0] == 0 || n[1] < n[0] || n[2] < n[1]) {
        fprintf(stderr, "usage: committee_records MECHANISMS SESSIONS COMMITMENTS\n");
        return 2;
    }
    organizations();
    mechanisms(n[0]);
    for (unsigned i = 0; i < n[1]; i++)
        session(i, n[0], n[1]);
    for (unsigned i = 0; i < n[2]; i++)
        commitment(i, n[0], n[1], n[2]);
    return 0;
}
